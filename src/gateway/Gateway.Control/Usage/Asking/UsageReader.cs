using Gateway.Control.Documents;
using Gateway.Control.Usage.Counting;
using Gateway.Control.Usage.Keeping;
using Gateway.Limits.Model;

namespace Gateway.Control.Usage.Asking;

/// <summary>Adds up what all frontends have written. The one that is asked writes its own first.</summary>
/// <param name="store">Where the figures are.</param>
/// <param name="keeper">Writes those of this process.</param>
/// <param name="clock">The present.</param>
/// <param name="options">How large an answer may be.</param>
public sealed class UsageReader(UsageStore store, UsageKeeper keeper, ProcessClock clock, UsageOptions options)
    : IDisposable
{
    private const int ReadingMax = 2;
    private const long Hour = 3_600_000;
    private const long CompanionHours = 7 * 24;
    private const long HoursNotSummedUp = 2;
    private readonly SemaphoreSlim _reading = new(ReadingMax);

    /// <summary>Reads a question of the present; null with what is wrong with it.</summary>
    public UsageQuestion? Read(Func<string, string?> ask, out string problem) => UsageQuestion.Read(
        ask, DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()), out problem);

    /// <summary>The calls that are asked for.</summary>
    /// <param name="question">Which.</param>
    /// <param name="may">Whether those of a server may be seen; null asks for those of all together.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<UsageAnswer> AnswerAsync(
        UsageQuestion question, Func<string?, bool> may, CancellationToken cancellationToken)
    {
        // A long time is many documents, and memory is not for everybody's at once.
        await _reading.WaitAsync(cancellationToken);
        try
        {
            await keeper.WriteAsync(UsageWrite.Changes, cancellationToken);
            var nowMs = clock.NowMs();
            var sums = new UsageSeries(question, may, options);
            var days = new Dictionary<long, IReadOnlyDictionary<long, UsageDocument>>();
            for (var hour = question.SinceMs / Hour; hour * Hour < question.UntilMs; hour++)
            {
                if (question.IsByHour && !days.ContainsKey(hour / 24))
                {
                    days.Clear();
                    days[hour / 24] = await store.ReadDayAsync(hour / 24, cancellationToken);
                }

                if (question.IsByHour && days[hour / 24].TryGetValue(hour, out var whole))
                    sums.Add(whole, isHour: true);
                else if (hour >= UsageStore.OldestHour(nowMs / Hour))
                {
                    foreach (var minute in await store.ReadMinutesAsync(hour, cancellationToken))
                        sums.Add(minute, isHour: false);
                }
            }

            return sums.Answer(nowMs);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>
    /// Tools of a server that its grants often call together with one, by the hours of the last 7 days.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlyList<UsageCompanion>> CompanionsAsync(
        string server, string tool, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            await keeper.WriteAsync(UsageWrite.Changes, cancellationToken);
            var companions = new UsageCompanions(server, tool);
            var now = clock.NowMs() / Hour;
            for (var day = (now - CompanionHours) / 24; day <= now / 24; day++)
            {
                var hours = await store.ReadDayAsync(day, cancellationToken);
                var (first, last) = (Math.Max(day * 24, now - CompanionHours), Math.Min((day * 24) + 23, now));
                for (var hour = first; hour <= last; hour++)
                {
                    if (hours.TryGetValue(hour, out var whole))
                        companions.Add([whole]);
                    else if (hour >= now - HoursNotSummedUp)
                        companions.Add(await store.ReadMinutesAsync(hour, cancellationToken));
                }
            }

            return companions.Answer();
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();
}
