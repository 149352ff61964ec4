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
