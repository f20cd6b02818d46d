using Telemetry.Model;

namespace Telemetry.Alarms.Tests;

/// <summary>Random walks over the board, beside a model that knows only two flags per alarm.</summary>
public sealed class AlarmWalkTests
{
    private const int SignalCount = 3;
    private const int StepCount = 600;

    /// <summary>ISA-18.2 in its plainest form: is the condition present, and is an acknowledgement owed.</summary>
    private sealed class Naive
    {
        public bool IsPresent { get; private set; }

        public bool IsOwed { get; private set; }

        public AlarmState State => (IsPresent, IsOwed) switch
        {
            (true, true) => AlarmState.Unacknowledged,
            (true, false) => AlarmState.Acknowledged,
            (false, true) => AlarmState.ReturnedUnacknowledged,
            _ => AlarmState.Normal,
        };

        public void Begin()
        {
            IsOwed |= !IsPresent;
            IsPresent = true;
        }

        public void End() => IsPresent = false;

        public void Acknowledge() => IsOwed = false;

        public void Withdraw() => (IsPresent, IsOwed) = (false, false);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_board_agrees_with_a_naive_model_and_with_its_own_journal(int seed)
    {
        var random = new Random(seed);
        var mine = new Mine(SignalCount);
        var model = new Dictionary<string, Naive>();
        var past = new List<Finding>();
        for (long step = 1; step <= StepCount; step++)
        {
            var kind = (ConditionKind)random.Next(0, 7);
            int field = random.Next(SignalCount);
            string id = AlarmIdentity.Of($"CR-201.temp{field}", kind);
            Naive naive = model.TryGetValue(id, out Naive? known) ? known : model[id] = new Naive();
            switch (random.Next(10))
            {
                case < 4:
                    past.Add(Mine.Find(step, FindingEdge.Began, kind, field));
                    mine.Take(past[^1]);
                    naive.Begin();
                    break;
                case < 7:
                    past.Add(Mine.Find(step, FindingEdge.Ended, kind, field));
                    mine.Take(past[^1]);
                    naive.End();
                    break;
                case 7:
                    mine.Withdraw(id);
                    naive.Withdraw();
                    break;
                default:
                    bool isOwed = naive.IsOwed;
                    Assert.Equal(isOwed, mine.Acknowledge(id) == DecisionOutcome.Moves);
                    naive.Acknowledge();
                    break;
            }

            Assert.Equal(naive.State, mine.StateOf(id));
            if (step % 50 == 0)
            {
                Assert.Equal(Mine.Sorted(mine.Board.Snapshot), Mine.Sorted(mine.Replay().Snapshot));
                mine.Restart();
            }
        }

        Assert.All(model, pair => Assert.Equal(pair.Value.State, mine.StateOf(pair.Key)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Findings_that_come_again_after_a_crash_add_nothing(int seed)
    {
        List<Finding> findings = Alternating(new Random(seed));
        var undisturbed = new Mine(SignalCount);
        findings.ForEach(finding => undisturbed.Take(finding));
        for (int crashAt = 0; crashAt <= findings.Count; crashAt += 7)
        {
            var mine = new Mine(SignalCount);
            findings.Take(crashAt).ToList().ForEach(finding => mine.Take(finding));
            mine.Restart();

            // Detection's cursor lay up to 40 findings behind the journal.
            findings.Skip(Math.Max(0, crashAt - 40)).ToList().ForEach(finding => mine.Take(finding));
            Assert.Equal(Mine.Sorted(undisturbed.Board.Snapshot), Mine.Sorted(mine.Board.Snapshot));
            Assert.Equal(undisturbed.Journal, mine.Journal);
        }
    }

    /// <summary>What a detector says: began and ended in turn, several edges in some records.</summary>
    private static List<Finding> Alternating(Random random)
    {
        var findings = new List<Finding>();
        var present = new HashSet<(int, ConditionKind)>();
        long offset = 1;
        for (int i = 0; i < 200; i++)
        {
            offset += random.Next(3) == 0 ? 1 : 0;
            var kind = (ConditionKind)random.Next(0, 7);
            int field = random.Next(SignalCount);
            FindingEdge edge = present.Add((field, kind)) ? FindingEdge.Began : FindingEdge.Ended;
            if (edge == FindingEdge.Ended)
            {
                present.Remove((field, kind));
            }

            findings.Add(Mine.Find(offset, edge, kind, field, time: i));
        }

        return findings;
    }
}
