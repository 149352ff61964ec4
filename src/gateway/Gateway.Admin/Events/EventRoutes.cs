using System.Globalization;
using System.Net.ServerSentEvents;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Events;

/// <summary>
/// <c>/events</c>: reports that something changed, without the new content. There is no replay: a client that missed an
/// event is notified to reload everything.
/// </summary>
internal sealed class EventRoutes(EventHub hub, Readiness readiness, TimeProvider time) : IAdminRoutes
{
    // After this time the console opens another stream.
    private static readonly TimeSpan LengthMax = TimeSpan.FromMinutes(10);

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/events", ListenAsync).Requires(Permissions.ReadApprovals, RoleScope.EachServer)
            .WithSummary("Streams what has changed (control, approvals, health, usage) as server-sent events, for "
                + "ten minutes.").Produces(200);
    }

    private Task<AdminResponse> ListenAsync(AdminCall call)
    {
        if (hub.Open(call.Caller) is not { } stream)
        {
            return Task.FromResult(Problems.Of(StatusCodes.Status429TooManyRequests, "Too many streams",
                $"The maximum number of event streams is open: {EventHub.StreamsMax} in total, or "
                + $"{EventHub.StreamsPerOperatorMax} of yours. Close one of yours, or poll instead."));
        }

        var last = (string?)call.Request.Headers["Last-Event-ID"];
        return Task.FromResult(AdminResponse.Streamed(http => SendAsync(http, stream, last)));
    }

    private async Task SendAsync(HttpContext http, EventStream stream, string? last)
    {
        using var limit = new CancellationTokenSource(LengthMax, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            stream.Ended, limit.Token, readiness.Draining, http.RequestAborted);
        using var over = end.Token.Register(stream.End);
        try
        {
            await AdminResponse.SendEventsAsync(http, EventsAsync(stream, last), end.Token);
        }
        finally
        {
            hub.Close(stream);
        }
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(EventStream stream, string? last)
    {
        var isSame = last is null || last == stream.Began.ToString(CultureInfo.InvariantCulture);
        yield return EventStream.Event(isSame ? "ready" : "resync", stream.Began, "{}");
        while (true)
        {
            foreach (var next in await stream.TakeAsync())
                yield return next;
        }
    }
}
