using Microsoft.AspNetCore.Http;

namespace Gateway.TestHarness.Gateways;

/// <summary>One request as it arrived behind the gateway.</summary>
public sealed record RecordedRequest(string Method, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public static async Task<RecordedRequest> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var headers = request.Headers.ToDictionary(
            h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new RecordedRequest(request.Method, headers, body.ToArray());
    }
}
