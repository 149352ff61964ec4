using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Answers;

/// <summary>A response of the admin API: a JSON document, or a problem (RFC 9457).</summary>
internal sealed record AdminResponse(
    int Status, ReadOnlyMemory<byte> Body = default, string ContentType = "application/json")
    : IResult
{
    /// <summary>The version of the resource, for <c>If-Match</c>; null if it cannot be changed here.</summary>
    public long? Version { get; init; }

    public string? Location { get; init; }

    /// <summary>Writes the body as a stream, for as long as it takes; null if <c>Body</c> is complete.</summary>
    public Func<HttpContext, Task>? Stream { get; init; }

    public static AdminResponse NoContent { get; } = new(StatusCodes.Status204NoContent);

    public static AdminResponse Ok<T>(T value, JsonTypeInfo<T> type, long? version = null) =>
        new(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(value, type)) { Version = version };

    public static AdminResponse Created<T>(T value, JsonTypeInfo<T> type, string location, long version) =>
        new(StatusCodes.Status201Created, JsonSerializer.SerializeToUtf8Bytes(value, type))
        {
            Location = location,
            Version = version,
        };

    /// <summary>Returns a stream of server-sent events.</summary>
    /// <param name="sendAsync">Sends them; it calls <see cref="SendEventsAsync"/>.</param>
    public static AdminResponse Streamed(Func<HttpContext, Task> sendAsync) =>
        new(StatusCodes.Status200OK, ContentType: "text/event-stream") { Stream = sendAsync };

    /// <summary>
    /// Sends events until their end, or until <paramref name="end"/>, which also ends a write to a client that does not
    /// read. The response is complete then, and the client connects again.
    /// </summary>
    public static async Task SendEventsAsync<T>(
        HttpContext http, IAsyncEnumerable<SseItem<T>> events, CancellationToken end)
    {
        try
        {
            // The stream must not block a thread of the connections, since such a thread may serve agents.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            http.Response.Headers["X-Accel-Buffering"] = "no";
            http.RequestAborted = end;
            await TypedResults.ServerSentEvents(events).ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client disconnected, this gateway shuts down, or the stream ended.
        }
    }

    public async Task ExecuteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        // Browsers and proxies must not store responses, since a response may contain a grant's token.
        http.Response.Headers.CacheControl = "no-store";
        if (Version is { } version)
            http.Response.Headers.ETag = ETags.Of(version);
        if (Location is not null)
            http.Response.Headers.Location = Location;
        if (Status == StatusCodes.Status204NoContent)
            return;
        http.Response.ContentType = ContentType;
        if (Stream is not null)
        {
            await Stream(http);
            return;
        }

        http.Response.ContentLength = Body.Length;
        await http.Response.Body.WriteAsync(Body, http.RequestAborted);
    }
}
