using Telemetry.Model;

namespace Telemetry.Alarms;

/// <summary>What people read for each kind of condition, in the pilot's three languages.</summary>
public static class ConditionNames
{
    /// <summary>The words for a kind.</summary>
    public static DisplayName Of(ConditionKind kind) => kind switch
    {
        ConditionKind.LowLow => new("low-low", "маш нам", "하하한"),
        ConditionKind.Low => new("low", "нам", "하한"),
        ConditionKind.High => new("high", "өндөр", "상한"),
        ConditionKind.HighHigh => new("high-high", "маш өндөр", "상상한"),
        ConditionKind.RateOfChange => new("rate of change", "өөрчлөлтийн хурд", "변화율"),
        ConditionKind.Flatline => new("flatline", "утга өөрчлөгдөхгүй", "값 고정"),
        ConditionKind.Silence => new("no data", "өгөгдөл шинэчлэгдээгүй", "데이터 갱신 없음"),
        ConditionKind.LateData => new("late data", "өгөгдөл хоцорсон", "데이터 지연"),
        ConditionKind.Dropped => new("messages dropped", "мессеж хаягдсан", "메시지 폐기"),
        ConditionKind.OutOfRange => new("out of range", "хэмжих хязгаараас гарсан", "측정 범위 이탈"),
        ConditionKind.Anomaly => new("unusual", "ер бусын утга", "이상 징후"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such condition"),
    };
}
