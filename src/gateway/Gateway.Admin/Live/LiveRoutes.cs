using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Gateway.Admin.Answers;
using Gateway.Admin.Events;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Health;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Live;

/// <summary>
/// <c>/decisions/stream</c>: streams the decisions of all gateways that share the store, as server-sent events.
/// </summary>
internal sealed class LiveRoutes(
    LiveStreams streams, DecisionFeed feed, LiveFleet fleet, CallerCheck callers, SnapshotUpdater control,
    Readiness readiness, TimeProvider time) : IAdminRoutes
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/decisions/stream", StreamAsync).Requires(Permissions.Read)
            .WithSummary("Streams decisions of all gateways of the store as they happen (server-sent events), or a "
                + "sample if there are more than 50 a second. Last-Event-ID resumes at any gateway. The stream ends "
                + "after ten minutes: reconnect.").Produces(200)
            .WithQuery(("after", "The id of the last event that was seen; a browser sends it as Last-Event-ID."));
    }

    private Task<AdminResponse> StreamAsync(AdminCall call)
    {
        var stream = streams.Open(call.Caller.Name);
        return Task.FromResult(stream is null
            ? Problems.Of(StatusCodes.Status429TooManyRequests, "Too many streams",
                "The maximum number of live streams is open, either in total or by you. Close one of yours and try "
                    + "again.")
            : AdminResponse.Streamed(http => SendAsync(http, call.Caller, stream)));
    }

    private async Task SendAsync(HttpContext http, AdminCaller caller, LiveStream stream)
    {
        try
        {
            using var longest = new CancellationTokenSource(Longest, time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                http.RequestAborted, readiness.Draining, longest.Token);
            var after = (string?)http.Request.Headers["Last-Event-ID"] ?? (string?)http.Request.Query["after"];
            await AdminResponse.SendEventsAsync(http, EventsAsync(caller, stream, after, end.Token), end.Token);
        }
        finally
        {
            streams.Close(stream);
        }
    }

    /// <remarks>
    /// The stream just ends for a caller that has lost access; the response to the next request gives the reason.
    /// </remarks>
    private async IAsyncEnumerable<SseItem<byte[]>> EventsAsync(
        AdminCaller caller, LiveStream stream, string? after, [EnumeratorCancellation] CancellationToken end)
    {
        var key = control.State.AdminKey;
        feed.Follow();
        var next = Begin(stream, after);
        do
        {
            foreach (var item in next)
                yield return item;
            next = await NextAsync(stream, end);
        }
        while (callers.IsStill(caller) && (caller.Account is not null || control.State.AdminKey == key));
    }

    private List<SseItem<byte[]>> Begin(LiveStream stream, string? after)
    {
        var view = fleet.View;
        var sent = LivePlaces.Of(after);
        var (name, log) = (Environment.MachineName, LiveLog.KeyOf(feed.Writer));
        // A gateway without a shared store uses its machine name, as all gateways did in earlier releases; every
        // gateway accepts such an id.
        var page = feed.Since(sent.Find(log) ?? sent.Find(name));
        return view.IsAlone
            ? stream.Begin(new LivePlaces(), name, page, view)
            : stream.Begin(sent.Without(name), log, page, view);
    }

    /// <summary>Returns the next events, or a <c>ping</c> if it is time for a heartbeat.</summary>
    private async Task<List<SseItem<byte[]>>> NextAsync(LiveStream stream, CancellationToken end)
    {
        using var beat = new CancellationTokenSource(Beat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, end);
        try
        {
            while (true)
            {
                await stream.News.ReadAsync(either.Token);
                var next = stream.Next(feed.Follow(), fleet.View, time.GetUtcNow().ToUnixTimeSeconds());
                if (next.Count > 0)
                    return next;
            }
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return [LiveStream.Ping];
        }
    }
}
