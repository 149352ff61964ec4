using System.Collections.Immutable;

namespace Gateway.Admin.Live;

/// <summary>The other gateways, when each was heard, and who is missing. Not thread-safe.</summary>
internal sealed class LiveTable(string ownWriter, TimeProvider time)
{
    /// <summary>One that was silent for so long is missing.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(10);

    /// <summary>For so long a missing one is named.</summary>
    public static readonly TimeSpan NamedFor = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Heard> _heard = new(StringComparer.Ordinal);

    /// <summary>Before anybody was heard.</summary>
    public static LiveView Nobody { get; } = new(
        Environment.MachineName, [], [new LiveFrontend(Environment.MachineName, LiveFrontend.Present, null)]);

    /// <summary>Takes what a gateway put anew.</summary>
    public void Take(LiveLog log)
    {
        var (now, known) = (time.GetUtcNow(), _heard.GetValueOrDefault(log.Writer));
        if (log.Writer == ownWriter || known?.Log.Started > log.Started
            || (known is null && _heard.Count >= LivePlaces.LogsMax - 1))
        {
            return;
        }

        // What was put long ago is from before one looked, and says only who should be there.
        var isNow = known is not null || (now - log.At).Duration() < SilentAfter;
        if (isNow || now - log.At < NamedFor)
            _heard[log.Writer] = new Heard(log, isNow, time.GetTimestamp(), isNow ? now : log.At);
    }

    public void Clear() => _heard.Clear();

    /// <summary>What is known now; the last view where that is the same.</summary>
    /// <param name="session">The time of looking whose logs are shown.</param>
    /// <param name="last">The view before.</param>
    public LiveView View(long session, LiveView last)
    {
        foreach (var (writer, one) in _heard.ToList())
        {
            if (time.GetElapsedTime(one.At) > NamedFor)
                _heard.Remove(writer);
        }

        var listed = _heard.Values.Where(one => !one.Log.Ended && (one.IsNow || IsSilent(one))).ToList();
        listed.RemoveAll(one => IsSilent(one) && listed.Exists(other => IsNextOf(one, other)));
        var names = listed.Select(static one => one.Log.Name).Append(Environment.MachineName)
            .GroupBy(static name => name, StringComparer.Ordinal).Where(static group => group.Skip(1).Any())
            .Select(static group => group.Key).ToHashSet(StringComparer.Ordinal);
        var own = Name(Environment.MachineName, ownWriter);
        ImmutableArray<LiveFrontend> frontends =
        [
            .. listed.Select(one => new LiveFrontend(
                    Name(one.Log.Name, one.Log.Writer), IsSilent(one) ? LiveFrontend.Missing : LiveFrontend.Present,
                    IsSilent(one) ? one.Instant : null))
                .Append(new LiveFrontend(own, LiveFrontend.Present, null))
                .OrderBy(static one => one.Name, StringComparer.Ordinal),
        ];
        ImmutableArray<(string Name, LiveLog Log)> others =
        [
            .. _heard.Values.Where(one => one.Log.Session >= session)
                .Select(one => (Name(one.Log.Name, one.Log.Writer), one.Log)),
        ];
        if (frontends.SequenceEqual(last.Frontends))
            frontends = last.Frontends;
        return frontends == last.Frontends && others.SequenceEqual(last.Others)
            ? last
            : new LiveView(own, others, frontends);

        // Two of one machine are told apart by whose record it is.
        string Name(string name, string writer) => names.Contains(name) ? $"{name} ({writer[..6]})" : name;
    }

    private bool IsSilent(Heard one) => time.GetElapsedTime(one.At) > SilentAfter;

    /// <summary>Whether a gateway stands where one was that kept no disk.</summary>
    private bool IsNextOf(Heard gone, Heard other) => !IsSilent(other) && other.Log.Name == gone.Log.Name
        && other.Log.Started >= gone.Instant - SilentAfter;

    /// <param name="Log">What it put last.</param>
    /// <param name="IsNow">Whether it put that while one looked.</param>
    /// <param name="At">The timestamp at which that was read.</param>
    /// <param name="Instant">The instant.</param>
    private sealed record Heard(LiveLog Log, bool IsNow, long At, DateTimeOffset Instant);
}
