using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Answers;

/// <summary>What the admin API answers: a JSON document, or a problem (RFC 9457).</summary>
internal sealed record AdminResponse(
    int Status, ReadOnlyMemory<byte> Body = default, string ContentType = "application/json")
    : IResult
{
    /// <summary>The version of what is shown, for <c>If-Match</c>; null where it cannot be changed here.</summary>
    public long? Version { get; init; }

    public string? Location { get; init; }

    /// <summary>Writes the body as it comes, for as long as it takes; null where it is whole already.</summary>
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
        // Never kept by a browser or a proxy: a grant's token may stand in it.
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
