using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

/// <summary>The judgement alone: facts in, findings out.</summary>
public sealed class CommissioningCheckTests
{
    private const long Second = Timestamp.NanosecondsPerSecond;
    private const long Now = 1_800_000_000 * Second;

    private static readonly AlarmRule Rule = new(LimitSet.None, 0, 0, 0, double.NaN, 0, 0);

    [Fact]
    public void A_healthy_gateway_is_all_green()
    {
        IReadOnlyList<CheckFinding> findings = CommissioningCheck.Judge(Healthy());
        Assert.All(findings, finding => Assert.Equal(CheckState.Green, finding.State));
        Assert.Equal(Enum.GetValues<CheckKind>(), findings.Select(finding => finding.Kind));
        CommissioningReport report = CommissioningReport.Of(Healthy(), "pilot", "ko");
        Assert.Equal(("green", "정상"), (report.State, report.Words["state-green"]));
        Assert.All(report.Checks, row => Assert.Empty(row.Remedy));
    }

    [Fact]
    public void A_gateway_that_nobody_knows_is_red_and_not_an_error()
    {
        var facts = new CommissioningFacts { Gateway = "gw-x", Now = Now, Access = new AccessFacts(false, false, []) };
        Expect(facts, CheckState.Red, "identity-missing", "telemetry gateway add gw-x");
        Expect(facts, CheckState.Red, "never-heard", "check power and link");
        Assert.Equal("red", CommissioningReport.Of(facts, "pilot", "mn").State);
    }

    [Theory]
    [InlineData("wrong_password", "telemetry gateway rotate gw-1")]
    [InlineData("unknown_name", "telemetry gateway add gw-1")]
    [InlineData("name_missing", "set user name and password")]
    [InlineData("unknown_certificate", "--certificate")]
    [InlineData("too_many_attempts", "wait a minute")]
    public void A_refused_login_names_its_reason(string reason, string remedy)
    {
        var refusal = new RefusalFacts(reason, "10.0.0.7", "", 3, (Now / 1_000_000) - 60_000);
        CommissioningFacts facts = Healthy() with
        {
            Access = new AccessFacts(true, false, [refusal]),
            Address = null,
            Counts = null,
        };
        Expect(facts, CheckState.Red, $"refused-{reason}", remedy);
        CommissioningFacts heardLater = Healthy() with { Access = facts.Access };
        Assert.Equal("identity-good", CommissioningCheck.Judge(heardLater)[0].Key);
    }

    [Fact]
    public void A_denied_topic_and_one_without_route_are_named_while_they_are_news()
    {
        CommissioningFacts facts = Healthy() with
        {
            Access = new AccessFacts(
                true, false, [new RefusalFacts("deny_publish", "", "plant/x", 1, (Now / 1_000_000) - 1_000)]),
            Ignored = [new IgnoredTopic("elsewhere/x", "gw-1", IgnoredTopics.NoRoute, 4, (Now / 1_000_000) - 1_000)],
        };
        Expect(facts, CheckState.Red, "topic-denied", "publish below \"gw-1/\"");
        Expect(facts, CheckState.Red, "topic-no-route", "add a route");
        CommissioningFacts later = facts with { Now = Now + (7_200 * Second) };
        Assert.Equal(
            ["topic-good"],
            CommissioningCheck.Judge(later).Where(one => one.Kind == CheckKind.Topic).Select(one => one.Key));
    }

    [Theory]
    [InlineData("Cel", 176, "range-fahrenheit", "[degF]")]
    [InlineData("Cel", 333.15, "range-kelvin", "unit \"K\"")]
    [InlineData("A", 600, "range-large", "check decimal point")]
    [InlineData("A", -5, "range-outside", "check sensor and wiring")]
    [InlineData("A", 0.06, "range-small", "check decimal point")]
    public void A_value_out_of_its_range_is_told_what_it_may_be(string unit, double value, string key, string remedy)
    {
        SignalFacts signal = SignalOf(unit, low: unit == "Cel" ? -40 : 1, high: 120, normal: 60);
        signal = signal with { Seen = signal.Seen with { Outside = signal.Seen.Count, LastOutside = value } };
        Expect(Healthy() with { Signals = [signal] }, CheckState.Red, key, remedy);
    }

    [Fact]
    public void One_stray_among_many_is_yellow_and_explained_by_nothing()
    {
        SignalFacts signal = SignalOf();
        signal = signal with { Seen = signal.Seen with { Outside = 1, LastOutside = 600 } };
        Expect(Healthy() with { Signals = [signal] }, CheckState.Yellow, "range-outside", "check sensor and wiring");
    }

    [Theory]
    [InlineData("reset", -1e9, true, CheckState.Red, "clock-reset", "battery")]
    [InlineData("jumped", 0, true, CheckState.Yellow, "clock-jumped", "ten minutes")]
    [InlineData("corrected", 7_200, true, CheckState.Yellow, "clock-ahead", "NTP")]
    [InlineData("corrected", -7_200, true, CheckState.Yellow, "clock-behind", "NTP")]
    [InlineData("corrected", 7_200, false, CheckState.Red, "clock-ahead-kept", "clock in the site file")]
    public void A_wrong_clock_is_named(
        string clock, double skew, bool isCorrected, CheckState state, string key, string remedy)
    {
        var view = new ClockView(clock, skew, -12, 2, 1, isCorrected);
        Expect(Healthy() with { Counts = CountsOf(view) }, state, key, remedy);
    }

    [Fact]
    public void Samples_from_the_future_are_named_before_the_clock_is_known()
    {
        SignalFacts signal = SignalOf();
        signal = signal with { Seen = signal.Seen with { DelayMin = -7_200 * Second } };
        CommissioningFacts facts = Healthy() with { Signals = [signal], Counts = CountsOf(clock: null) };
        Expect(facts, CheckState.Red, "clock-future", "time zone");
    }

    [Theory]
    [InlineData(10, 0, 0, CheckState.Red, "rate-slow", "interval on the gateway")]
    [InlineData(0.2, 0, 0, CheckState.Yellow, "rate-fast", "longer interval")]
    [InlineData(1, 300, 0, CheckState.Yellow, "gap", "buffers while it is offline")]
    [InlineData(1, 0, 300, CheckState.Red, "silent-since", "check the sensor")]
    public void Rate_gap_and_silence_are_told_apart(
        double period, long gap, long silent, CheckState state, string key, string remedy)
    {
        SignalFacts signal = SignalOf();
        long length = (long)(period * 100 * Second) + (gap * Second);
        long last = Now - (silent * Second);
        SeenSamples seen = signal.Seen with
        {
            Count = 101,
            First = last - length,
            Last = last,
            LongestGap = gap > 0 ? gap * Second : (long)(period * Second),
        };
        CommissioningFacts facts = Healthy() with { Signals = [signal with { Seen = seen }] };
        Expect(facts, state, key, remedy);
        Assert.Single(CommissioningCheck.Judge(facts), finding => finding.State != CheckState.Green);
    }

    [Fact]
    public void What_never_came_what_is_misspelt_and_what_is_unbound_are_named_and_the_rest_counted()
    {
        SignalFacts never = SignalOf() with { IsKnown = false, Seen = default };
        CommissioningFacts facts = Healthy() with
        {
            Signals = [never],
            Unbound =
            [
                new UnboundFacts("CR1,asset=CR-201 motor_curent", "CR-201.motor_current"),
                .. Enumerable.Range(0, 10).Select(i => new UnboundFacts($"m v{i}", null)),
            ],
        };
        Expect(facts, CheckState.Red, "name-misspelt", "rename it to CR-201.motor_current");
        Expect(facts, CheckState.Red, "signal-never", "check the sensor and its wiring");
        Expect(facts, CheckState.Yellow, "name-unbound", "add the signal or a binding");
        CheckFinding more = Assert.Single(CommissioningCheck.Judge(facts), finding => finding.Key == "more");
        Assert.Equal("9", Assert.Single(more.Values));
    }

    [Theory]
    [InlineData("InvalidNumber", "decode-fault", "telemetry quarantine retry --client gw-1")]
    [InlineData("TextForNumber", "decode-type", "send this value as a number")]
    [InlineData("FieldTypeDiffers", "decode-type", "always of one type")]
    [InlineData("UnknownAlias", "decode-alias", "send its birth again")]
    [InlineData("UnitDiffers", "unit-differs", "set the unit of the signal")]
    public void What_is_in_quarantine_has_the_remedy_of_its_reason(string code, string key, string remedy)
    {
        CommissioningFacts facts = Healthy() with { Quarantined = [new QuarantineFacts(code, 3, null)] };
        Expect(facts, CheckState.Red, key, remedy);
    }

    [Theory]
    [InlineData("rssi", -60, CheckState.Green, "radio-good")]
    [InlineData("rxInfo_0_rssi", -118, CheckState.Red, "radio-weak")]
    [InlineData("loRaSNR", -12, CheckState.Yellow, "radio-fair")]
    [InlineData("csq", 3, CheckState.Red, "radio-weak")]
    [InlineData("csq", 99, CheckState.Unknown, "radio-none")]
    [InlineData("signal_strength", -112, CheckState.Red, "radio-weak")]
    [InlineData("signal-quality", 30, CheckState.Yellow, "radio-fair")]
    public void Signal_strength_is_judged_on_its_own_scale(string name, double value, CheckState state, string key)
    {
        CommissioningFacts facts = Healthy() with { Radio = [new RadioFacts(name, value)] };
        CheckFinding finding = Assert.Single(RadioCheck.Judge(facts));
        Assert.Equal((state, key), (finding.State, finding.Key));
    }

    [Theory]
    [InlineData("rate")]
    [InlineData("rssi_limit")]
    [InlineData("motor_current")]
    public void Other_names_tell_no_signal_strength(string name) => Assert.False(RadioCheck.IsRadio(name));

    [Fact]
    public void The_ledger_tells_missing_dropped_and_duplicate_messages()
    {
        var counts = new LedgerCounts { Received = 100, Decoded = 80, Duplicate = 18, Dropped = 2, Missing = 5 };
        CommissioningFacts facts = Healthy() with { Ledger = counts };
        Expect(facts, CheckState.Red, "missing", "QoS 1");
        Expect(facts, CheckState.Red, "dropped", "retry it");
        Expect(facts, CheckState.Yellow, "duplicates", "nothing is stored twice");
    }

    private static void Expect(CommissioningFacts facts, CheckState state, string key, string remedy)
    {
        CheckFinding finding = CommissioningCheck.Judge(facts).First(one => one.Key == key);
        Assert.Equal(state, finding.State);
        Assert.Contains(remedy, CheckTexts.Remedy("en", key, finding.Values), StringComparison.Ordinal);
        foreach (string language in CheckTexts.Languages)
        {
            Assert.DoesNotContain("{", CheckTexts.Seen(language, key, finding.Values), StringComparison.Ordinal);
        }
    }

    private static CommissioningFacts Healthy() => new()
    {
        Gateway = "gw-1",
        Now = Now,
        Access = new AccessFacts(IsKnown: true, IsRevoked: false, []),
        Address = "10.0.0.7:50123",
        ConnectedSinceMilliseconds = (Now / 1_000_000) - 600_000,
        Counts = CountsOf(new ClockView("good", 0.2, 0.1, 1, 1, IsCorrected: true)),
        Signals = [SignalOf()],
        Ledger = new LedgerCounts { Received = 100, Decoded = 100, Points = 100, Stored = 100 },
        Radio = [new RadioFacts("rssi", -60)],
    };

    private static GatewayView CountsOf(ClockView? clock) =>
        new("gw-1", null, true, Now / 1_000_000, 100, 100, 0, 0, 0, 0, clock);

    private static SignalFacts SignalOf(string unit = "A", double low = 0, double high = 100, double normal = 50)
    {
        var definition = new SignalDefinition("motor_current", "current", unit, low, high, normal, 1, 1, Rule);
        var type = new EquipmentType("CR1", "crusher", [definition]);
        var asset = new Asset("CR-201", type, "crushing", new DisplayName("crusher"), "gw-1", Enabled: true);
        var seen = new SeenSamples
        {
            Span = 600 * Second,
            Count = 100,
            First = Now - (99 * Second),
            Last = Now,
            LastValue = 50,
            LongestGap = Second,
        };
        return new SignalFacts(new SignalInstance(asset, definition), IsKnown: true, seen);
    }
}
