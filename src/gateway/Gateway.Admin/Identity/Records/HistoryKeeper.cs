using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Records;

/// <summary>
/// Deletes old changes from the history, at the start and every hour, and imports those that a gateway of a previous
/// release wrote at the same time.
/// </summary>
internal sealed partial class HistoryKeeper(
    HistoryStore history, TimeProvider time, ILogger<HistoryKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TrySweepAsync(stoppingToken);
        await time.RepeatAsync(Interval, TrySweepAsync, stoppingToken);
    }

    private async Task TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await history.SweepAsync(cancellationToken);
        }
        catch (ControlStoreException e)
        {
            LogFailed(e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Old changes were not deleted from the history, because the store is unavailable; the next attempt is in an "
        + "hour: {Why}")]
    private partial void LogFailed(string why);
}
