namespace Telemetry.Ingestion;

/// <summary>
/// Ceilings of this room (law L6). Names that senders make up are counted by their bytes: one may be 60 KB long, so a
/// count of names alone bounds nothing.
/// </summary>
public static class IngestionLimits
{
    /// <summary>Bytes of messages in quarantine; beyond it they are counted and not kept.</summary>
    public const long QuarantineBytesMax = 2L * 1024 * 1024 * 1024;

    /// <summary>Messages in quarantine; beyond it they are counted and not kept.</summary>
    public const int QuarantineMessagesMax = 1_000_000;

    /// <summary>Bytes of spool that are looked through for the last messages of a topic.</summary>
    public const long ExplainedBytesMax = 256L * 1024 * 1024;

    /// <summary>Notices of detection that are listed, the latest ones.</summary>
    public const int NoticeCountMax = 1_000;

    /// <summary>Bytes of findings in their journal, some 400 each; of further ones a restart knows nothing.</summary>
    public const long FindingsBytesMax = 192L * 1024 * 1024;

    /// <summary>Findings that are remembered and can be judged, the newest.</summary>
    public const int FindingsRememberedMax = 20_000;

    /// <summary>Findings of one asset that are looked through for similar ones, the newest.</summary>
    public const int FindingsPerAssetMax = 200;

    /// <summary>Verdicts of operators in force.</summary>
    public const int VerdictsInForceMax = 10_000;

    /// <summary>Verdicts that are remembered, those in force and the newest others.</summary>
    public const int VerdictsRememberedMax = 20_000;

    /// <summary>Episodes of alarms that are over and remembered, the newest; some 300 bytes each.</summary>
    public const int EpisodesMax = 20_000;

    /// <summary>Episodes of alarms in one answer: more flags than a plot has pixels.</summary>
    public const int EpisodesPerAnswerMax = 2_000;

    /// <summary>Bytes of names in each of the lists of unbound names, refused names and ignored topics.</summary>
    public const long ListedNameBytesMax = 8L * 1024 * 1024;

    /// <summary>Bytes of keys of the gateways that are counted by name.</summary>
    public const long GatewayKeyBytesMax = 16L * 1024 * 1024;

    /// <summary>The longest topic whose route is remembered; a longer one is resolved each time.</summary>
    public const int RememberedTopicBytesMax = 1_024;

    /// <summary>Bytes a route table remembers of topics and what they mean.</summary>
    public const long RouteTableBytesMax = 64L * 1024 * 1024;

    /// <summary>Rows of the ledger in one answer: a hundred gateways for a month.</summary>
    public const int LedgerRowsMax = 100_000;

    /// <summary>Bytes of the log that are read to count what is pending; beyond it the answer says that there is more.
    /// </summary>
    public const long LedgerPendingBytesMax = 64L * 1024 * 1024;

    /// <summary>Topics of which messages are sampled for recognition.</summary>
    public const int SampledTopicsMax = 10_000;

    /// <summary>Shapes of those topics; a list for people.</summary>
    public const int SampledShapesMax = 500;

    /// <summary>Bytes of sampled messages.</summary>
    public const long SampledBytesMax = 8L * 1024 * 1024;

    /// <summary>States of decoding kept on disk, so that who lags has one not far before its place.</summary>
    public const int DecodingSnapshotsMax = 32;

    /// <summary>The least of the log between two states of decoding: a tenth of a second to decode anew.</summary>
    public const long DecodingSnapshotBytesMin = 16L * 1024 * 1024;

    /// <summary>Signals of one gateway that a commissioning check looks at.</summary>
    public const int CheckedSignalsMax = 1_000;

    /// <summary>Samples of one of them that it reads.</summary>
    public const int CheckedSamplesMax = 20_000;

    /// <summary>Names without a signal for which it looks for a near one.</summary>
    public const int CheckedNamesMax = 50;

    /// <summary>Bytes of all sites that were ever in force: some four thousand changes of the default one.</summary>
    public const long SiteArchiveBytesMax = 256L * 1024 * 1024;

    /// <summary>Ranges of the spool that a sink sends later; a further one is joined to the last.</summary>
    public const int BacklogRangesMax = 256;

    /// <summary>Ranges that are refilled from the embedded store; a further one is joined to the last.</summary>
    public const int MissedRangesMax = 256;

    /// <summary>Samples that old on arrival are looked for when a range is refilled; a gateway keeps no more.</summary>
    public const int RefillLateDays = 31;

    /// <summary>Messages of one segment that are thinned; further ones stay. A place of eight bytes each.</summary>
    public const int ThinnedMessagesMax = 1_000_000;

    /// <summary>Intervals of fields of one segment whose extremes are kept; messages of further ones stay.</summary>
    public const int ThinnedIntervalsMax = 100_000;

    /// <summary>Topics whose lane is remembered, 1 KiB each at most; beyond it they are learned anew.</summary>
    public const int LaneTopicsMax = 10_000;

    /// <summary>Series listed of which a sink does not have all points.</summary>
    public const int SetApartSeriesMax = 1_000;

    /// <summary>Queries passed on to InfluxDB at once.</summary>
    public const int RemoteQueriesMax = 4;

    /// <summary>Bytes of an answer that is passed on.</summary>
    public const long RemoteAnswerBytesMax = 256L * 1024 * 1024;
}
