using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Endpoint;

/// <summary>The refusal of requests that a pause stops, and their record.</summary>
internal static class PausedRequests
{
    /// <summary>
    /// Returns true after refusing a request because everything, its grant or its caller is paused. Its body is read
    /// only to name the call in the record.
    /// </summary>
    public static async ValueTask<bool> RefusesAsync(
        HttpContext http, GatewaySnapshot snapshot, GrantModel grant, string server)
    {
        var services = http.RequestServices;
        if (PausedResponse.Of(snapshot, grant, server: null, services.GetRequiredService<ProcessClock>().NowMs())
            is not { } pause)
        {
            return false;
        }

        var reading = services.GetRequiredService<MessageReading>();
        var body = await reading.ReadRefusedAsync(http, grant);
        try
        {
            await RefuseAsync(http, grant, server, body.Body, pause);
        }
        finally
        {
            reading.GiveBack(grant, body);
        }

        return true;
    }

    /// <summary>Records and refuses a request.</summary>
    /// <param name="http">The agent's request.</param>
    /// <param name="grant">The grant of the caller.</param>
    /// <param name="server">The server, as the request names it.</param>
    /// <param name="body">The message; empty if it was not read.</param>
    /// <param name="pause">The reason.</param>
    public static async Task RefuseAsync(
        HttpContext http, GrantModel grant, string server, ReadOnlyMemory<byte> body, PauseReason pause)
    {
        var services = http.RequestServices;
        var read = body.IsEmpty
            ? null : await services.GetRequiredService<MessageReading>().ReadAsync(grant, body, http.RequestAborted);
        // The agent chose the name of the server, so it is recorded only if the grant reaches that server.
        await services.GetRequiredService<UnevaluatedCalls>().RecordAsync(
            grant, grant.Bindings.ContainsKey(server) ? server : "", read?.Message, PolicyRuleNames.Paused,
            pause.Recorded);
        await PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden, pause.Text);
    }
}
