using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The reason why one counter gave nothing.</summary>
/// <param name="Kind">The kind of refusal.</param>
/// <param name="Used">The amount charged in the window.</param>
/// <param name="WindowStartMs">
/// The window that refused; for a sliding limit, the start of the interval at whose end there is room.
/// </param>
/// <param name="IsFinal">
/// True if nothing of this window can come back. The refusal may then be remembered until the window ends. Of
/// <see cref="RefusalKind.EngineUnavailable"/>: the window is closed to its end, because its counts may be lost.
/// </param>
public readonly record struct CounterRefusal(RefusalKind Kind, Amount Used, long WindowStartMs, bool IsFinal = false)
{
    /// <summary>
    /// The end of that window, where its start alone does not determine it, as in a time zone; otherwise 0.
    /// </summary>
    public long WindowEndMs { get; init; }

    /// <summary>Returns when that window ends.</summary>
    public long EndMs(CounterKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return WindowEndMs != 0 ? WindowEndMs : key.Window.EndMs(WindowStartMs);
    }
}
