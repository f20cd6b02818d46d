namespace Telemetry.Model;

/// <summary>What an operator says of an anomaly. Numbers are on disk.</summary>
public enum OperatorVerdict : byte
{
    /// <summary>It was a fault.</summary>
    True = 1,

    /// <summary>There was nothing.</summary>
    False = 2,

    /// <summary>Its cause is known and no fault: maintenance, blasting, a cold start.</summary>
    Expected = 3,
}
