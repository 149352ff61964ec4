using Gateway.Audit.Searching;
using Gateway.Control.Documents;
using Gateway.Control.Usage.Counting;
using Gateway.Control.Usage.Keeping;
using Gateway.Limits.Model;

namespace Gateway.Control.Usage.Asking;

/// <summary>
/// Adds up the figures of all frontends. The frontend that serves the query writes its own figures first.
/// </summary>
/// <param name="store">The store of the figures.</param>
/// <param name="keeper">Writes the figures of this process.</param>
/// <param name="clock">The clock for the present time.</param>
/// <param name="options">The maximum size of a report.</param>
/// <param name="log">The audit log, which has the callers; null for none.</param>
public sealed class UsageReader(
    UsageStore store, UsageKeeper keeper, ProcessClock clock, UsageOptions options, RecordSearcher? log = null)
    : IDisposable
{
    private static readonly TimeSpan LogBudget = TimeSpan.FromSeconds(5);
    private const int ReadingMax = 2;
    private const long Hour = 3_600_000;
    private const long CompanionHours = 7 * 24;
    private const long HoursNotSummedUp = 2;
    private readonly SemaphoreSlim _reading = new(ReadingMax);

    /// <summary>Reads a query as of now; returns null with the problem if it is invalid.</summary>
    public UsageQuestion? Read(Func<string, string?> ask, out string problem) => UsageQuestion.Read(
        ask, DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()), out problem);

    /// <summary>Returns the calls that match a query.</summary>
    /// <param name="question">The query.</param>
    /// <param name="may">
    /// Returns true if the caller may see the calls of a server; null stands for the total of all.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<UsageAnswer> AnswerAsync(
        UsageQuestion question, Func<string?, bool> may, CancellationToken cancellationToken)
    {
        // A long range is many documents, so only a few queries run at a time to bound the memory.
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (question.NeedsLog)
                return OfLog(question, may, cancellationToken);
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
    /// Returns the tools of a server that its grants often call together with one, by the hours of the last 7 days.
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

    /// <summary>
    /// Figures by person come from the audit log of this frontend: it has the subjects as they may be recorded, and
    /// loses them by an erasure.
    /// </summary>
    private UsageAnswer OfLog(UsageQuestion question, Func<string?, bool> may, CancellationToken cancellationToken)
    {
        var sums = new UsageSeries(question, may, options);
        var nowMs = clock.NowMs();
        if (log is not null)
        {
            var filter = new RecordFilter
            {
                Server = question.IsOfBudgets ? null : question.Server,
                Grant = question.Grant,
                Tool = question.IsOfBudgets ? null : question.Tool,
                Caller = question.Caller,
                FromMs = question.SinceMs,
                ToMs = question.UntilMs,
            };
            sums.CoverFrom(log.VisitCalls(filter, question.IsOfBudgets, LogBudget, sums.Add, cancellationToken), nowMs);
        }

        return sums.Answer(nowMs);
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();
}
