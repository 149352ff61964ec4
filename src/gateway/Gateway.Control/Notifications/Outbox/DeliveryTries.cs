using Gateway.Control.Documents;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Messages;
using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Notifications.Outbox;

/// <summary>Makes single tries, and stores the result of each.</summary>
public sealed partial class DeliveryTries(
    DeliveryStore deliveries, IChannelSender sender, NotificationSources sources, ProcessClock clock,
    ILogger<DeliveryTries> logger)
{
    /// <summary>The time that one try may take.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    private const int AtOnceMax = 4;
    private const int EndTriesMax = 10;
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(1);

    // The pauses before the second, third … try; the last one repeats. Each is shortened by up to a half, so that tries
    // do not come at the same time.
    private static readonly int[] PauseSeconds = [2, 10, 30, 60];

    // Longer than a try may take: if a process ends in the middle of a try, others take over after this.
    private static readonly TimeSpan Lease = TimeLimit * 4;

    /// <summary>Tries each message once.</summary>
    /// <param name="channel">The receiving channel.</param>
    /// <param name="due">The messages, with the state of earlier tries.</param>
    /// <param name="snapshot">The store's documents.</param>
    /// <param name="ended">Messages to update with the outcome of their subject.</param>
    /// <param name="stopping">Canceled when the process ends.</param>
    public async Task DeliverAsync(
        Channel channel, IReadOnlyList<(Notification Notification, DeliveryEntry? Entry)> due, ControlSnapshot snapshot,
        IReadOnlyList<DeliveryEntry> ended, CancellationToken stopping)
    {
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = stopping };
        await Parallel.ForEachAsync(ended, atOnce, async (one, _) =>
        {
            try
            {
                await EndAsync(channel, one, snapshot, stopping);
            }
            catch (ControlStoreException e)
            {
                LogUnknown(channel.Name, e);
            }
        });
        await Parallel.ForEachAsync(due, atOnce, async (one, _) =>
        {
            try
            {
                await TryAsync(channel, one.Notification, one.Entry, snapshot, stopping);
            }
            catch (ControlStoreException e)
            {
                // Sent or not, the message is pending in the store, and is tried again when the lease is over.
                LogUnknown(channel.Name, e);
            }
        });
    }

    private async Task TryAsync(
        Channel channel, Notification notification, DeliveryEntry? before, ControlSnapshot snapshot,
        CancellationToken stopping)
    {
        var nowMs = clock.NowMs();
        var claim = new Delivery
        {
            Channel = channel.Name,
            Notification = notification.Id,
            State = DeliveryState.Pending,
            Tries = (before?.Delivery.Tries ?? 0) + 1,
            NextMs = nowMs + (long)Lease.TotalMilliseconds,
            Problem = before?.Delivery.Problem,
        };
        var name = DeliveryStore.NameOf(notification.Id, channel.Name);
        if (await deliveries.WriteAsync(name, before?.Version ?? 0, claim, stopping) is not { } claimed)
            return;
        var message = channel.Document.IncludesArguments
            ? sources.Of(notification).WithArguments(notification, snapshot)
            : notification;
        if (channel.Document.LinkBase is { } linkBase)
            message = await sources.Of(notification).WithLinkAsync(message, channel.Name, linkBase, stopping);
        DeliveryResult result;
        try
        {
            result = await sender.SendAsync(channel, message, snapshot, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next process need not wait for the lease; a message that has arrived comes again under the same id.
            await deliveries.WriteAsync(
                name, claimed.Version, claim with { NextMs = clock.NowMs() }, CancellationToken.None);
            throw;
        }

        nowMs = clock.NowMs();
        var after = After(claim, result, notification, nowMs);
        if (await deliveries.WriteAsync(name, claimed.Version, after, CancellationToken.None) is null)
            return;
        if (after.State == DeliveryState.Dead)
            LogDead(notification.Id, channel.Name, after.Tries, after.Problem);
        if (after.State != DeliveryState.Pending)
            await sources.Of(notification).RecordAsync(
                notification, channel.Name, after.State == DeliveryState.Sent, nowMs);
    }

    /// <summary>
    /// Updates a message with its outcome, then forgets it; only a few tries, because no one waits for it.
    /// </summary>
    private async Task EndAsync(
        Channel channel, DeliveryEntry sent, ControlSnapshot snapshot, CancellationToken stopping)
    {
        var nowMs = clock.NowMs();
        var tries = sent.Delivery.EndTries + 1;
        var claim = sent.Delivery with { EndTries = tries, NextMs = nowMs + (long)Lease.TotalMilliseconds };
        var ended = sources.Ended(claim.Notification, snapshot, nowMs) ?? Over(claim.Notification, nowMs);
        if (await deliveries.WriteAsync(sent.Name, sent.Version, claim, stopping) is not { } claimed)
            return;
        var result = await sender.ChangeAsync(channel, claim.Receipt!, ended, snapshot, stopping);
        if (result.IsDone || tries >= EndTriesMax)
            await deliveries.DeleteAsync(claimed, CancellationToken.None);
        else
        {
            var nextMs = clock.NowMs() + (1000L * PauseSeconds[Math.Min(tries, PauseSeconds.Length) - 1]);
            await deliveries.WriteAsync(
                sent.Name, claimed.Version, claim with { NextMs = nextMs }, CancellationToken.None);
        }
    }

    /// <summary>Returns the final text of a message whose subject the store no longer knows.</summary>
    private static Notification Over(string id, long nowMs) => new()
    {
        Id = id,
        Type = "approval.over",
        Grant = "",
        Server = "",
        Tool = "",
        Rule = "",
        Reason = "This request was not decided in time",
        AtMs = nowMs,
        ExpiresMs = nowMs,
        NextStep = "gateway approvals list",
        Facts = new Dictionary<string, string>(),
    };

    private static Delivery After(Delivery tried, DeliveryResult result, Notification notification, long nowMs)
    {
        if (result.IsDone)
        {
            return tried with
            {
                State = DeliveryState.Sent,
                NextMs = nowMs,
                EndedMs = nowMs,
                Problem = null,
                Receipt = result.Receipt,
            };
        }

        var pause = TimeSpan.FromSeconds(PauseSeconds[Math.Min(tried.Tries, PauseSeconds.Length) - 1])
            * (0.5 + (Random.Shared.NextDouble() / 2));
        if (result.RetryAfter is { } wanted && wanted > pause)
            pause = wanted < RetryAfterMax ? wanted : RetryAfterMax;
        var nextMs = nowMs + (long)pause.TotalMilliseconds;
        return result.IsGone || nextMs >= notification.ExpiresMs
            ? tried with { State = DeliveryState.Dead, NextMs = nowMs, EndedMs = nowMs, Problem = result.Problem }
            : tried with { NextMs = nextMs, Problem = result.Problem };
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Notification {Id} could not be sent to the channel {Channel} (tries: {Tries}): {Problem}")]
    private partial void LogDead(string id, string channel, int tries, string? problem);

    [LoggerMessage(2, LogLevel.Warning, "Messages that were sent to the channel {Channel} may be sent again")]
    private partial void LogUnknown(string channel, Exception exception);
}

/// <summary>The result of one try to notify a channel.</summary>
/// <param name="Problem">The reason why it was not accepted; null if it was.</param>
/// <param name="RetryAfter">The pause that the receiver requested; null for none.</param>
/// <param name="IsGone">True if it must not be tried again (HTTP 410).</param>
/// <param name="Receipt">The receipt by which the message is changed later; null if it cannot be changed.</param>
public readonly record struct DeliveryResult(
    string? Problem, TimeSpan? RetryAfter = null, bool IsGone = false, string? Receipt = null)
{
    /// <summary>The result of a try that the receiver accepted.</summary>
    public static DeliveryResult Done { get; }

    /// <summary>True if the receiver accepted the message.</summary>
    public bool IsDone => Problem is null;
}
