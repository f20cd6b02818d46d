using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Telemetry.EndToEnd.Tests;

/// <summary>The page on which any signal is looked at over any time.</summary>
[Collection(OneAtATime.Name)]
public sealed class ExploreTests
{
    private const string Signal = "WX-601.air_temp";
    private const string Year = $"explore.html?signal={Signal}&from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z";
    private const int StepSeconds = 600;
    private const int BadSamples = 7;
    private static readonly DateTimeOffset Begin = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string PilotPlant =
        Path.Combine(RunningService.Repository, "src", "Telemetry.Site", "default-site.yaml");

    private const string PumpSite = """
        site: test
        equipment:
          PU:
            name: Pump
            signals:
              temp: {name: Temperature, unit: Cel, range: [0, 200], limits: {hh: 80}, on_delay: 0, off_delay: 0}
        assets:
          - {id: P-1, type: PU}
        routes:
          - {name: all, topic: "#", decoder: line-protocol}
        """;

    private static readonly string[] Languages = ["en", "mn", "ko"];

    [Fact]
    public Task A_year_is_drawn_by_windows_and_closer_by_its_samples_which_can_be_taken_away() =>
        WithYearAsync(async (page, service, count) =>
        {
            await page.GotoAsync($"{service.Http.BaseAddress}{Year}&zone=Asia/Seoul");
            ILocator note = page.Locator("#window-note");
            ILocator row = page.Locator("#legend-rows tr");
            await Assertions.Expect(note).ToContainTextAsync("mean of each");
            await Assertions.Expect(row).ToContainTextAsync(count.ToString("N0", CultureInfo.InvariantCulture));
            await Assertions.Expect(row).ToContainTextAsync("-40 Cel");
            await Assertions.Expect(row).ToContainTextAsync($"{BadSamples} not good");

            await page.Locator("#canvas").FocusAsync();
            await page.Mouse.MoveAsync(800, 300);
            for (int notch = 0; notch < 12; notch++)
            {
                await page.Mouse.WheelAsync(0, -300);
            }

            await Assertions.Expect(note).ToContainTextAsync("Each sample is drawn");
            Assert.Contains("zone=Asia%2FSeoul", page.Url, StringComparison.Ordinal);
            string before = page.Url;
            await page.Keyboard.PressAsync("ArrowLeft");
            await Assertions.Expect(page.Locator("#spoken")).ToContainTextAsync($"{Signal}: ");
            await page.Keyboard.PressAsync("Escape");
            await page.Keyboard.PressAsync("Shift+ArrowLeft");
            await Assertions.Expect(page.Locator("#plot")).ToHaveAttributeAsync("aria-busy", "false");
            Assert.NotEqual(before, page.Url);
            await RequireSameSamplesAsync(page, service);
        });

    [Fact]
    public Task What_cannot_be_shown_is_said_in_words() =>
        WithYearAsync(async (page, service, _) =>
        {
            ILocator message = page.Locator("#explore-message");
            await page.GotoAsync($"{service.Http.BaseAddress}explore.html");
            await Assertions.Expect(message).ToHaveTextAsync("Choose signals from the list to see them here.");
            await page.Locator("#signal-search").FillAsync("weather air cel");
            await page.Locator($"[data-signal='{Signal}']").CheckAsync();
            await Assertions.Expect(message).ToContainTextAsync("No samples in this range; the newest is of 2026");
            await message.Locator("button").ClickAsync();
            await Assertions.Expect(message).ToBeEmptyAsync();
            await Assertions.Expect(page.Locator("#legend-rows .samples")).Not.ToHaveTextAsync("0");

            await page.GotoAsync($"{service.Http.BaseAddress}explore.html?signal=No.thing");
            await Assertions.Expect(message).ToContainTextAsync("“No.thing” is not known");
            await page.RouteAsync("**/query?*", route => route.FulfillAsync(new()
            {
                Body = """{"results":[{"error":"too many rows"}]}""",
                ContentType = "application/json",
            }));
            await page.GotoAsync($"{service.Http.BaseAddress}{Year}");
            await Assertions.Expect(message).ToContainTextAsync("too many rows");
        });

    [Fact]
    public Task The_page_speaks_three_languages_and_fits_a_telephone() =>
        WithYearAsync(async (page, service, _) =>
        {
            await page.SetViewportSizeAsync(400, 900);
            await page.GotoAsync($"{service.Http.BaseAddress}{Year}");
            await Assertions.Expect(page.Locator("#window-note")).Not.ToBeEmptyAsync();
            var said = new HashSet<string>();
            foreach (string language in Languages)
            {
                await page.Locator("#language").SelectOptionAsync(language);
                said.UnionWith([
                    await page.Locator("#picture h2").InnerTextAsync(),
                    await page.Locator("[data-period=shift]").InnerTextAsync(),
                    await page.Locator("#window-note").InnerTextAsync(),
                    await page.Locator("#legend-rows .bad").InnerTextAsync(),
                ]);
                int width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                Assert.True(width <= 400, $"the page is {width} px wide on 400 px in {language}");
            }

            Assert.Equal(3 * 4, said.Count);
        });

    [Fact]
    public async Task An_alarm_that_is_over_has_its_flag_and_is_named_in_three_languages()
    {
        var directory = new ScratchDirectory();
        await File.WriteAllTextAsync(directory.At("site.yaml"), PumpSite);
        await ConsolePage.OpenAsync("serve", ["--site", directory.At("site.yaml")], async (page, service) =>
        {
            var errors = new List<string>();
            page.PageError += (_, error) => errors.Add(error);
            for (int round = 1; round <= 2; round++)
            {
                await service.PublishAsync("plant/P-1", "any,asset=P-1 temp=95");
                await WaitForEpisodesAsync(service, round, isOver: false);
                await service.PublishAsync("plant/P-1", "any,asset=P-1 temp=20");
                await WaitForEpisodesAsync(service, round, isOver: true);
            }

            await page.GotoAsync($"{service.Http.BaseAddress}explore.html?signal=P-1.temp&last=3600");
            ILocator note = page.Locator("#window-note");
            await Assertions.Expect(note).ToContainTextAsync("Alarms in this range: P-1.temp high-high (2).");
            await page.Locator("#language").SelectOptionAsync("mn");
            await Assertions.Expect(note).ToContainTextAsync("Энэ хугацааны дохиолол: P-1.temp");
            await page.Locator("#language").SelectOptionAsync("ko");
            await Assertions.Expect(note).ToContainTextAsync("이 기간의 경보: P-1.temp");
            await page.GotoAsync(
                $"{service.Http.BaseAddress}explore.html?signal=P-1.temp&from=2025-01-01T00:00Z&to=2026-01-01T00:00Z");
            await Assertions.Expect(page.Locator("#plot")).ToHaveAttributeAsync("aria-busy", "false");
            Assert.DoesNotContain("P-1.temp", await note.InnerTextAsync(), StringComparison.Ordinal);
            Assert.Empty(errors);
        });
        directory.Delete();
    }

    [Theory]
    [InlineData("day", "Asia/Ulaanbaatar", "2016-03-26T05:00:00Z", "2016-03-25T16:00:00.000Z", 23)]
    [InlineData("day", "Asia/Ulaanbaatar", "2016-09-23T05:00:00Z", "2016-09-22T15:00:00.000Z", 25)]
    [InlineData("day", "Asia/Seoul", "2026-01-01T15:00:00Z", "2026-01-01T15:00:00.000Z", 24)]
    [InlineData("shift", "Asia/Ulaanbaatar", "2026-01-31T17:00:00Z", "2026-01-31T12:00:00.000Z", 12)]
    [InlineData("week", "UTC", "2026-02-01T12:00:00Z", "2026-01-26T00:00:00.000Z", 168)]
    [InlineData("month", "Asia/Seoul", "2026-02-27T00:00:00Z", "2026-01-31T15:00:00.000Z", 672)]
    public Task A_period_is_that_of_the_places_clocks(string kind, string zone, string at, string begin, int hours) =>
        WithPageAsync(async (page, _) =>
        {
            string found = await page.EvaluateAsync<string>(
                """
                async ([kind, zone, at]) => {
                  const { periodAt } = await import("/scripts/explore/zones.js");
                  const { from, to } = periodAt(kind, zone, Date.parse(at));
                  return `${new Date(from).toISOString()} ${(to - from) / 3_600_000}`;
                }
                """,
                new[] { kind, zone, at });
            Assert.Equal($"{begin} {hours}", found);
        });

    [Fact]
    public Task An_empty_window_breaks_the_line_and_a_lone_sample_stays() =>
        WithPageAsync(async (page, _) =>
        {
            string runs = await page.EvaluateAsync<string>(
                """
                async () => {
                  const { runsOf } = await import("/scripts/explore/curves.js");
                  const curve = (width, times) => ({ width, points: times.map(time => ({ time: time * 1000 })) });
                  const text = one => runsOf(one).map(run => run.map(point => point.time / 1000).join(" ")).join(" | ");
                  return [
                    text(curve(60, [0, 60, 120, 240, 300, 600])),
                    text(curve(0, [0, 10, 20, 40, 50, 100, 110])),
                  ].join("; ");
                }
                """);
            Assert.Equal("0 60 120 | 240 300 | 600; 0 10 20 40 50 | 100 110", runs);
        });

    private static Task<JsonElement> WaitForEpisodesAsync(
        RunningService service, int count, bool isOver) => Until.Async(
        $"{count} episodes, the last one over: {isOver}",
        async () => (await service.JsonAsync("/alarms/history?from=2020-01-01&to=2100-01-01&signals=P-1.temp"))
            .GetProperty("episodes"),
        episodes => episodes.GetArrayLength() == count
            && (episodes[count - 1].GetProperty("untilMilliseconds").ValueKind == JsonValueKind.Number) == isOver);

    private static Task WithPageAsync(Func<IPage, RunningService, Task> act) =>
        ConsolePage.OpenAsync("serve", [], async (page, service) =>
        {
            await page.GotoAsync(service.Http.BaseAddress!.ToString());
            await act(page, service);
        });

    /// <summary>A service with a year of one signal, and how many samples that is; the page may not fail.</summary>
    private static Task WithYearAsync(Func<IPage, RunningService, int, Task> act) =>
        ConsolePage.OpenAsync("serve", ["--site", PilotPlant], async (page, service) =>
        {
            var errors = new List<string>();
            page.PageError += (_, error) => errors.Add(error);
            int count = await WriteYearAsync(service);
            await act(page, service, count);
            Assert.Empty(errors);
        });

    /// <summary>The download, the query for the terminal and the page's own count are about the same samples.</summary>
    private static async Task RequireSameSamplesAsync(IPage page, RunningService service)
    {
        string address = (await page.Locator("#download-long").GetAttributeAsync("href"))!;
        string query = (await page.Locator("#query-text").TextContentAsync())!;
        string shown = await page.Locator("#legend-rows .samples").InnerTextAsync();
        string[] file = [.. Rows(await service.TextAsync(address)).Select(cells => $"{double.Parse(
            cells[5], CultureInfo.InvariantCulture)}")];
        string[] asked = [.. Rows(await ToolRun.RunAsync("bash", "-c", query)).Select(cells => cells[3])];
        Assert.Equal(asked, file);
        Assert.Equal(int.Parse(shown, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), file.Length);
        Assert.NotEmpty(file);
    }

    private static IEnumerable<string[]> Rows(string csv) => csv
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Skip(1)
        .Select(line => Regex.Replace(line, "\"[^\"]*\"", "quoted").Split(','));

    private static async Task<int> WriteYearAsync(RunningService service)
    {
        var lines = new StringBuilder();
        int count = 0;
        for (long i = 0; i < 365 * 86_400 / StepSeconds; i++)
        {
            if (i % 10_000 is >= 5_000 and < 6_000)
            {
                continue; // a week without samples
            }

            count++;
            long time = Begin.ToUnixTimeSeconds() + (i * StepSeconds);
            double value = i == 100 ? -40 : Math.Round(10 * Math.Sin(i / 500d), 1);
            lines.Append(CultureInfo.InvariantCulture, $"WX,site=pilot,asset=WX-601 air_temp={value} {time}\n");
        }

        await service.WriteAsync(lines.ToString());
        return count + await PublishBadAsync(service);
    }

    /// <summary>Samples between the others, from a gateway that says that they are bad.</summary>
    private static async Task<int> PublishBadAsync(RunningService service)
    {
        IEnumerable<string> values = Enumerable.Range(0, BadSamples).Select(i => Begin.ToUnixTimeMilliseconds() + i)
            .Select(time => $$"""{"id":"{{Signal}}","v":3,"t":{{time + 1}},"q":0}""");
        await service.PublishAsync("iotgateway/pilot/GW-WX", $$"""{"values":[{{string.Join(',', values)}}]}""");
        return BadSamples;
    }
}
