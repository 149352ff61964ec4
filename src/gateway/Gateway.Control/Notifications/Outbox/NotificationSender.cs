using Gateway.Control.Documents;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Messages;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Notifications.Outbox;

/// <summary>
/// Notifies each channel of pending work and of events: at least once, and in a fleet by the one frontend that claimed
/// the delivery first. A failed try is repeated with growing pauses until the notification is no longer needed.
/// </summary>
public sealed partial class NotificationSender(
    SnapshotUpdater control, DocumentCache documents, NotificationSources source, DeliveryTries tries,
    DeliveryStore deliveries, ProcessClock clock, ILogger<NotificationSender> logger) : BackgroundService
{
    private const long NoRevision = -1;
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(10);

    // The store is read whole, so not after every single one of changes that come together.
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(500);

    /// <summary>The time for which a message that could not be sent is shown.</summary>
    private static readonly TimeSpan History = TimeSpan.FromHours(24);

    // A channel that hangs delays only itself.
    private readonly Dictionary<string, Task> _sending = [];
    private bool _mayHaveLeft = true;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (revision, pause) = (NoRevision, TimeSpan.Zero);
        try
        {
            while (true)
            {
                await Task.Delay(PauseMin, clock.Timers, stoppingToken);
                // Without channels the store is not read; the deliveries of the last channel are deleted once.
                if (!_mayHaveLeft && !ChannelStore.All(control.State.Documents).Any())
                    continue;
                try
                {
                    revision = await deliveries.WaitAsync(revision, pause, stoppingToken);
                    pause = await RoundAsync(stoppingToken);
                }
                catch (ControlStoreException e)
                {
                    LogFailed(e);
                    (revision, pause) = (NoRevision, TimeSpan.Zero);
                    await Task.Delay(PauseMax, clock.Timers, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends; the next one repeats what was started.
            await Task.WhenAll(_sending.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Starts due deliveries, deletes those that are over, and returns the longest pause until the next round.
    /// </summary>
    private async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        var snapshot = await documents.ReadAsync(stopping);
        var nowMs = clock.NowMs();
        var channels = ChannelStore.All(snapshot).ToList();
        List<Notification> open = channels.Count == 0 ? [] : [.. source.Open(snapshot, nowMs)];
        if (channels.Exists(static channel => channel.AsksForKind))
            open = await source.WithKindsAsync(open, snapshot, stopping);
        await CleanAsync(snapshot, channels, open, nowMs, stopping);
        var kept = DeliveryStore.All(snapshot).ToList();
        _mayHaveLeft = kept.Count > 0;
        foreach (var (name, _) in _sending.Where(static one => one.Value.IsCompleted))
            _sending.Remove(name);
        var nextMs = nowMs + (long)PauseMax.TotalMilliseconds;
        var ids = Ids(open);
        foreach (var channel in channels)
        {
            var over = kept
                .Where(entry => entry.Delivery.Channel == channel.Name && IsToSayItsEnd(entry.Delivery, ids))
                .ToLookup(entry => entry.Delivery.NextMs <= nowMs);
            nextMs = over[false].Select(static entry => entry.Delivery.NextMs).Append(nextMs).Min();
            var wanted = open.Where(channel.Takes)
                .Select(notification => (
                    Notification: notification, Entry: DeliveryStore.Find(snapshot, notification.Id, channel.Name)))
                .Where(static one => one.Entry is null or { Delivery.State: DeliveryState.Pending })
                .ToLookup(one => one.Entry is null || one.Entry.Delivery.NextMs <= nowMs);
            nextMs = wanted[false].Select(static one => one.Entry!.Delivery.NextMs).Append(nextMs).Min();
            if (!wanted[true].Any() && !over[true].Any())
                continue;
            if (_sending.ContainsKey(channel.Name))
            {
                nextMs = Math.Min(nextMs, nowMs + 1000);
                continue;
            }

            var (due, ended) = (wanted[true].ToList(), over[true].ToList());
            _sending[channel.Name] = Task.Run(
                () => tries.DeliverAsync(channel, due, snapshot, ended, stopping), stopping);
        }

        return TimeSpan.FromMilliseconds(Math.Max(0, nextMs - nowMs));
    }

    private static HashSet<string> Ids(IEnumerable<Notification> open) =>
        open.Select(static notification => notification.Id).ToHashSet(StringComparer.Ordinal);

    private static bool IsToSayItsEnd(Delivery delivery, HashSet<string> open) =>
        delivery is { State: DeliveryState.Sent, Receipt: not null } && !open.Contains(delivery.Notification);

    private async Task CleanAsync(
        ControlSnapshot snapshot, List<Channel> channels, List<Notification> open, long nowMs,
        CancellationToken stopping)
    {
        var names = channels.Select(static channel => channel.Name).ToHashSet(StringComparer.Ordinal);
        var ids = Ids(open);
        foreach (var entry in DeliveryStore.All(snapshot).Where(entry => !ids.Contains(entry.Delivery.Notification)))
        {
            var (delivery, isKnown) = (entry.Delivery, names.Contains(entry.Delivery.Channel));
            if (isKnown && IsToSayItsEnd(delivery, ids))
                continue;
            if (delivery.State == DeliveryState.Pending && isKnown && delivery.NextMs <= nowMs)
            {
                var dead = delivery with
                {
                    State = DeliveryState.Dead,
                    EndedMs = nowMs,
                    Problem = delivery.Problem ?? "its subject ended before the message was sent",
                };
                await deliveries.WriteAsync(entry.Name, entry.Version, dead, stopping);
            }
            else if (!isKnown || delivery.State == DeliveryState.Sent
                || (delivery.State == DeliveryState.Dead && nowMs >= delivery.EndedMs + History.TotalMilliseconds))
            {
                await deliveries.DeleteAsync(entry, stopping);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Notifications cannot be sent: the control store cannot be reached")]
    private partial void LogFailed(Exception exception);
}
