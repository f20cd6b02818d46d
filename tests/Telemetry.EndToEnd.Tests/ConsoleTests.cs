using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Telemetry.EndToEnd.Tests;

[Collection(OneAtATime.Name)]
public sealed class ConsoleTests
{
    private const float AlarmMillisecondsMax = 120_000;

    [Fact]
    public Task A_running_hot_bearing_is_an_alarm_on_the_page_and_is_acknowledged_there() =>
        WithPageAsync("demo", ["--fault", "bearing", "--fault-after", "1"], RequireAlarmAsync);

    [Fact]
    public Task Rates_are_zero_and_not_negative_while_counters_go_back() =>
        WithPageAsync("serve", [], async (page, address) =>
        {
            long messages = 1_000_000;
            await page.RouteAsync("**/api/status", async route =>
            {
                IAPIResponse answer = await route.FetchAsync();
                JsonNode status = JsonNode.Parse(await answer.TextAsync())!;
                status["messages"] = messages -= 1_000;
                await route.FulfillAsync(new() { Body = status.ToJsonString(), ContentType = "application/json" });
            });
            await page.GotoAsync(address);
            await Assertions.Expect(page.Locator("#rate-messages")).ToHaveTextAsync("0");
        });

    [Fact]
    public Task Late_samples_are_drawn_in_order_and_a_gap_breaks_the_line() =>
        WithPageAsync("serve", [], async (page, address) =>
        {
            await page.GotoAsync(address);
            string columns = await page.EvaluateAsync<string>(
                """
                async () => {
                  const { insert, columnsOf } = await import("/scripts/samples.js");
                  const samples = [];
                  for (const time of [10, 20, 30, 25, 40, 100, 110]) insert(samples, time, time + 1);
                  const { times, values } = columnsOf(samples, 120);
                  return times.map((time, index) => `${time}:${values[index] ?? "gap"}`).join(" ");
                }
                """);
            Assert.Equal("10:11 20:21 25:26 30:31 40:41 70:gap 100:101 110:111 120:gap", columns);
        });

    [Fact]
    public Task What_is_worth_a_look_is_on_the_page_and_judged_there_and_what_gave_way_is_too() =>
        WithPageAsync("serve", [], async (page, address) =>
        {
            string notices =
                """
                [{"finding": 17, "signal": "CR-201.motor_current", "timeMilliseconds": 1700000000000, "value": 91.5,
                  "limit": 80, "unit": "A", "class": "sensor", "why": "91.5 A is above what was usual."}]
                """;
            List<string> sent = await AnswerVerdictsAsync(page);
            await page.RouteAsync("**/api/notices?*", route =>
                route.FulfillAsync(new() { Body = notices, ContentType = "application/json" }));
            await page.RouteAsync("**/api/status", async route =>
            {
                IAPIResponse answer = await route.FetchAsync();
                JsonNode status = JsonNode.Parse(await answer.TextAsync())!;
                status["lanes"] = JsonNode.Parse(
                    """[{"name": "raw", "droppedMessages": 6760, "lastDropMilliseconds": 1700000000000}]""");
                await route.FulfillAsync(new() { Body = status.ToJsonString(), ContentType = "application/json" });
            });
            await page.GotoAsync(address);
            ILocator row = page.Locator("#notice-rows tr");
            await Assertions.Expect(row).ToContainTextAsync("91.5 A is above what was usual.");
            await Assertions.Expect(row.Locator("small").First).ToHaveTextAsync("sensor");
            await Assertions.Expect(page.Locator("#lanes")).ToContainTextAsync("raw");
            await Assertions.Expect(page.Locator("#lanes")).ToContainTextAsync("6,760");
            await RequireJudgedAsync(page, row, sent);
            await row.Locator("a").ClickAsync();
            await Assertions.Expect(page).ToHaveURLAsync(new Regex("explore.html.*CR-201.motor_current"));
        });

    /// <summary>The first that is sent gives a verdict, the second revokes it.</summary>
    /// <returns>What is sent.</returns>
    private static async Task<List<string>> AnswerVerdictsAsync(IPage page)
    {
        const string Given =
            """
            [{"verdict": 3, "said": "false", "finding": 17, "signal": "CR-201.motor_current", "operator": "Bat",
              "findingMilliseconds": 1700000000000, "givenMilliseconds": 1700000100000, "comment": "calibrated",
              "inForce": true, "heldBack": 4, "onceInDays": 60, "insteadOfDays": 30, "unit": "A", "isUp": true}]
            """;
        var sent = new List<string>();
        await page.RouteAsync("**/api/verdicts**", route =>
        {
            string path = new Uri(route.Request.Url).AbsolutePath;
            sent.AddRange(route.Request.PostData is { } body ? [$"{path} {body}"] : []);
            string answer = sent.Count == 1 ? Given : "[]";
            return route.FulfillAsync(new() { Body = answer, ContentType = "application/json" });
        });
        return sent;
    }

    private static async Task RequireJudgedAsync(IPage page, ILocator notice, List<string> sent)
    {
        await notice.GetByText("Nothing").ClickAsync();
        await Assertions.Expect(page.Locator("#alarm-message")).ToContainTextAsync("name");
        await page.Locator("#operator").FillAsync("Bat");
        await page.Locator("#comment").FillAsync("calibrated");
        await notice.GetByText("Nothing").ClickAsync();
        await Assertions.Expect(notice).ToContainTextAsync("nothing there · Bat");
        ILocator given = page.Locator("#verdict-rows tr");
        await Assertions.Expect(given).ToContainTextAsync("once in 60 days, instead of 30");
        await Assertions.Expect(given.Locator(".held")).ToHaveTextAsync("4");
        await page.Locator("#language").SelectOptionAsync("ko");
        await Assertions.Expect(given).ToContainTextAsync("이상 없음");
        await RequireWithinAsync(page, given.Locator("button"));
        await given.Locator("button").ClickAsync();
        await Assertions.Expect(page.Locator("#verdicts")).ToBeHiddenAsync();
        Assert.Equal(
            [
                """/api/verdicts {"finding":17,"verdict":"false","operator":"Bat","comment":"calibrated"}""",
                """/api/verdicts/3/revoke {"operator":"Bat","comment":""}""",
            ],
            sent);
    }

    private static Task WithPageAsync(string command, string[] arguments, Func<IPage, string, Task> act) =>
        ConsolePage.OpenAsync(
            command, arguments, (page, service) => act(page, service.Http.BaseAddress!.ToString()));

    private static async Task RequireAlarmAsync(IPage page, string address)
    {
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) => errors.AddRange(message.Type == "error" ? [message.Text] : []);
        await page.GotoAsync(address);
        await Assertions.Expect(page.Locator("#charts canvas").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#pulse")).ToHaveTextAsync("alive");
        ILocator absent = page.Locator("#gateway-rows tr", new() { HasText = "GW-MINE" });
        await Assertions.Expect(absent).ToContainTextAsync("not expected");

        ILocator row = page.Locator("#alarm-rows tr", new() { HasText = "CR-201.bearing_de_temp/HH" });
        await Assertions.Expect(row).ToBeVisibleAsync(new() { Timeout = AlarmMillisecondsMax });
        await RequireWithinAsync(page, row.Locator("button"));
        await row.Locator("button").ClickAsync();
        await Assertions.Expect(page.Locator("#alarm-message")).ToContainTextAsync("name");

        await page.Locator("#operator").FillAsync("Bat");
        await page.Locator("#comment").FillAsync("grease line blocked");
        await row.Locator("button").ClickAsync();
        await Assertions.Expect(row.Locator("td").First).ToContainTextAsync("Bat");
        await Assertions.Expect(row.Locator("td").First).ToContainTextAsync("grease line blocked");
        await Assertions.Expect(row.Locator("button")).ToHaveCountAsync(0);

        await page.Locator("#language").SelectOptionAsync("mn");
        await Assertions.Expect(row.Locator(".what")).ToContainTextAsync("маш өндөр");
        await Assertions.Expect(page.Locator("#charts h3").First).ToContainTextAsync("Хацарт бутлуур");

        await row.Locator(".what a").ClickAsync();
        await Assertions.Expect(page.Locator("#legend-rows")).ToContainTextAsync("CR-201.bearing_de_temp");
        await Assertions.Expect(page.Locator("#picture h2")).ToHaveTextAsync("Судлах");
        Assert.Empty(errors);
    }

    /// <summary>The button can be pressed at every width, and the page does not scroll sideways.</summary>
    private static async Task RequireWithinAsync(IPage page, ILocator button)
    {
        foreach (int width in new[] { 400, 1000, 1400 })
        {
            await page.SetViewportSizeAsync(width, 900);
            await button.ClickAsync(new() { Trial = true });
            LocatorBoundingBoxResult? box = await button.BoundingBoxAsync();
            Assert.True(box is { X: >= 0 } && box.X + box.Width <= width, $"the button is not within {width} px");
            int pageWidth = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(pageWidth <= width, $"the page is {pageWidth} px wide on {width} px");
        }
    }
}
