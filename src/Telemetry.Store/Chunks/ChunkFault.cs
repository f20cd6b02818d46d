namespace Telemetry.Store;

/// <summary>Why a chunk cannot be read.</summary>
internal enum ChunkFault : byte
{
    /// <summary>It can.</summary>
    None = 0,

    /// <summary>It is shorter than its header.</summary>
    Truncated = 1,

    /// <summary>It was written by a newer version.</summary>
    UnknownVersion = 2,

    /// <summary>It holds another type than its field.</summary>
    WrongType = 3,

    /// <summary>Its bytes are not those that were written.</summary>
    WrongChecksum = 4,

    /// <summary>Its checksum is right and its content makes no sense.</summary>
    Malformed = 5,

    /// <summary>It was let go of since it was listed.</summary>
    Gone = 6,
}

/// <summary>Words for <see cref="ChunkFault"/>.</summary>
internal static class ChunkFaultText
{
    public static string Of(ChunkFault fault) => fault switch
    {
        ChunkFault.Truncated => "it is shorter than its header",
        ChunkFault.UnknownVersion => "its version is not known",
        ChunkFault.WrongType => "it holds another type than its field",
        ChunkFault.WrongChecksum => "its checksum is wrong",
        ChunkFault.Gone => "it is not there any more",
        ChunkFault.Malformed => "its content makes no sense",
        _ => "nothing is wrong with it",
    };
}
