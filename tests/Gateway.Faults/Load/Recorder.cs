using Microsoft.AspNetCore.Http;

namespace Gateway.Faults.Load;

/// <summary>The server behind the fleet: records every call that reached it, and fails if a call requests it.</summary>
internal sealed class Recorder(RunLog log, RunClock clock)
{
    /// <param name="host">The address that it listens on.</param>
    public async Task<RecordingServer> StartAsync(string host)
    {
        var server = await RecordingServer.StartAsync(host);
        server.Answer = (http, request) =>
        {
            // The log contains everything needed from the request, in a fraction of the memory.
            server.Requests.TryDequeue(out _);
            return AnswerAsync(http, request);
        };
        return server;
    }

    private async Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        using var message = JsonDocument.Parse(request.Body);
        var root = message.RootElement;
        if (!root.TryGetProperty("id", out var id))
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        if (root.TryGetProperty("params", out var parameters) && parameters.TryGetProperty("name", out var name))
        {
            var has = parameters.TryGetProperty("arguments", out var arguments);
            var fails = has && arguments.TryGetProperty("fail", out _);
            var value = has && arguments.TryGetProperty("to", out var to) ? to.GetString() : null;
            var callId = request.Headers.GetValueOrDefault("Policy-Gateway-Call", "");
            var call = new ServerCall(callId, string.Intern(name.GetString()!), clock.NowMs(), fails)
            {
                Subject = value ?? request.Headers.GetValueOrDefault(Sessions.Header, ""),
            };
            log.Add(call);
            if (has && arguments.TryGetProperty("work", out var work))
                await RunClock.PassAsync(work.GetInt64(), http.RequestAborted);
            call.EndMs = clock.NowMs();
            await RecordingServer.JsonAsync(http, Result(id, fails));
            return;
        }

        if (root.TryGetProperty("method", out var method) && method.GetString() == "initialize")
            http.Response.Headers[Sessions.Header] = Guid.NewGuid().ToString("N");
        await RecordingServer.JsonAsync(http, Result(id, false));
    }

    private static string Result(JsonElement id, bool fails) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"result":{"content":[{"type":"text","text":"done"}]{{{(fails ? ",\"isError\":true" : "")}}}}}""";
}
