using System.Buffers;
using System.Text;
using Telemetry.Buffers;

namespace Telemetry.Ingestion;

/// <summary>
/// All that one decoder remembers of the records before its position. Saved as, for each part, its name and its bytes,
/// so that a part that is new, gone or unreadable costs itself alone.
/// </summary>
internal sealed class DecodingState
{
    private readonly (string Name, IDecodingStatePart Part)[] _parts;
    private readonly ArrayBufferWriter<byte> _scratch = new();

    public DecodingState(DecodingContext context)
    {
        Site = new SiteInForce(context);
        Sparkplug = new SparkplugHost(context.Sparkplug);
        _parts =
        [
            ("site", Site), ("duplicates", Duplicates), ("clocks", Clocks), ("sequences", Sequences),
            ("sparkplug", Sparkplug),
        ];
    }

    /// <summary>The site that is in force.</summary>
    public SiteInForce Site { get; }

    /// <summary>Which packets came already.</summary>
    public DuplicateWindow Duplicates { get; } = new();

    /// <summary>Which numbered messages came last.</summary>
    public MessageSequences Sequences { get; } = new();

    /// <summary>How wrong the gateways' clocks are.</summary>
    public GatewayClocks Clocks { get; } = new();

    /// <summary>The edge nodes of Sparkplug B.</summary>
    public SparkplugHost Sparkplug { get; }

    /// <summary>Writes all parts.</summary>
    public void Save(IBufferWriter<byte> target)
    {
        var writer = new StateWriter(target);
        foreach ((string name, IDecodingStatePart part) in _parts)
        {
            _scratch.ResetWrittenCount();
            part.Save(_scratch);
            writer.Block(Encoding.ASCII.GetBytes(name));
            writer.Block(_scratch.WrittenSpan);
        }
    }

    /// <summary>Takes what was saved; what it does not hold is empty.</summary>
    /// <returns>Names of the parts that could not be read.</returns>
    public IReadOnlyList<string> Restore(ReadOnlySpan<byte> state)
    {
        foreach ((_, IDecodingStatePart part) in _parts)
        {
            part.Clear();
        }

        var unread = new List<string>();
        var reader = new StateReader(state);
        while (reader.RestBytes > 0)
        {
            string name = Encoding.ASCII.GetString(reader.Block());
            ReadOnlySpan<byte> saved = reader.Block();
            IDecodingStatePart? part = Array.Find(_parts, known => known.Name == name).Part;
            if (part is not null && !part.TryRestore(saved))
            {
                part.Clear();
                unread.Add(name);
            }
        }

        return unread;
    }
}
