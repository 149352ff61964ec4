using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>Why one counter gave nothing.</summary>
/// <param name="Kind">The kind of refusal.</param>
/// <param name="Used">What is charged in the window.</param>
/// <param name="WindowStartMs">
/// The window that refused; of a sliding limit, the start of the interval at whose end there is room.
/// </param>
/// <param name="IsFinal">
/// True if nothing of this window can come back: the refusal may be remembered until its end.
/// </param>
public readonly record struct CounterRefusal(RefusalKind Kind, Amount Used, long WindowStartMs, bool IsFinal = false)
{
    /// <summary>When that window ends, where its start alone does not say it: in a time zone. Else 0.</summary>
    public long WindowEndMs { get; init; }

    /// <summary>When that window ends.</summary>
    public long EndMs(CounterKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return WindowEndMs != 0 ? WindowEndMs : key.Window.EndMs(WindowStartMs);
    }
}
