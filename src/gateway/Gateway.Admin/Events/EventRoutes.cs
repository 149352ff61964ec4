using System.Globalization;
using System.Text;
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
                $"The maximum of {EventHub.StreamsMax} event streams is open, or {EventHub.StreamsPerOperatorMax} of "
                + "yours. Close one, or poll instead."));
        }

        var last = (string?)call.Request.Headers["Last-Event-ID"];
        return Task.FromResult(new AdminResponse(StatusCodes.Status200OK, ContentType: "text/event-stream")
        {
            Stream = http => WriteAsync(http, stream, last),
        });
    }

    private async Task WriteAsync(HttpContext http, EventStream stream, string? last)
    {
        using var limit = new CancellationTokenSource(LengthMax, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            stream.Ended, limit.Token, readiness.Draining, http.RequestAborted);
        using var over = end.Token.Register(stream.End);
        try
        {
            // The stream must not block a thread of the connections, since such a thread may serve agents.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var isSame = last is null || last == stream.Began.ToString(CultureInfo.InvariantCulture);
            var first = Encoding.UTF8.GetBytes(EventStream.Event(isSame ? "ready" : "resync", stream.Began, "{}"));
            await http.Response.Body.WriteAsync(first, end.Token);
            while (true)
            {
                await http.Response.Body.FlushAsync(end.Token);
                await http.Response.Body.WriteAsync(await stream.TakeAsync(), end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The stream has ended. The response is complete, and the console reconnects.
        }
        finally
        {
            hub.Close(stream);
        }
    }
}
