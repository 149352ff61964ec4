using System.Threading.Channels;
using Gateway.Admin.Answers;
using Gateway.Admin.Events;
using Gateway.Control.Health;
using Gateway.Control.Updating;
using Gateway.Identity.Operators;
using Gateway.Identity.Roles;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Live;

/// <summary><c>/decisions/stream</c>: decisions of this gateway as they happen, as server-sent events.</summary>
internal sealed class LiveRoutes(
    DecisionFeed feed, CallerCheck callers, SnapshotUpdater control, Readiness readiness, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <summary>The one operation.</summary>
    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/decisions/stream", Permissions.Read,
            "Streams this gateway's decisions as they happen (server-sent events), at most 50 a second; Last-Event-ID "
            + "goes on from the audit log. It ends after ten minutes: connect again.", StreamAsync)
        {
            Query = [("after", "The id of the last event that was seen; a browser sends it as Last-Event-ID.")],
        },
    ];

    private Task<AdminResponse> StreamAsync(AdminCall call)
    {
        var stream = feed.Open(call.Caller.Name);
        return Task.FromResult(stream is null
            ? Problems.Of(StatusCodes.Status429TooManyRequests, "Too many streams",
                "Too many live streams are open already, in all or of yours; close one and try again.")
            : new AdminResponse(StatusCodes.Status200OK, ContentType: "text/event-stream")
            {
                Stream = http => SendAsync(http, call.Caller, stream),
            });
    }

    private async Task SendAsync(HttpContext http, Caller caller, Channel<DecisionBatch> stream)
    {
        try
        {
            // A stream holds no thread of the connections: those may be the ones that answer agents.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, readiness.Draining);
            using var longest = new CancellationTokenSource(Longest, time);
            using var over = longest.Token.Register(end.Cancel);
            http.Response.Headers["X-Accel-Buffering"] = "no";
            var after = (string?)http.Request.Headers["Last-Event-ID"] ?? (string?)http.Request.Query["after"];
            var key = control.State.AdminKey;
            var batch = feed.Since(PlaceOf(after));
            while (true)
            {
                await http.Response.Body.WriteAsync(batch?.Event ?? ": \n\n"u8.ToArray(), end.Token);
                await http.Response.Body.FlushAsync(end.Token);
                batch = await NextAsync(stream.Reader, end.Token);
                // Who may no longer look is told by the answer to the next request.
                if (!callers.IsStill(caller) || (caller.Account is null && control.State.AdminKey != key))
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            // The reader left, or this gateway does, or it was long enough.
        }
        finally
        {
            feed.Close(stream);
        }
    }

    private static string? PlaceOf(string? id) =>
        id?.Split('/') is [var frontend, var place] && frontend == DecisionFeed.Frontend ? place : null;

    /// <summary>The next, or null where it is time to say that the stream is alive.</summary>
    private async Task<DecisionBatch?> NextAsync(ChannelReader<DecisionBatch> reader, CancellationToken end)
    {
        using var beat = new CancellationTokenSource(Beat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, end);
        try
        {
            return await reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return null;
        }
    }
}
