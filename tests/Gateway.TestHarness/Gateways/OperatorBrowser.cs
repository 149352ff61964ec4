namespace Gateway.TestHarness.Gateways;

/// <summary>
/// An operator's browser: it keeps cookies, and sends the header that a page of the console would send.
/// </summary>
/// <param name="gateway">The gateway's address.</param>
/// <param name="handler">Opens the connections; null for direct connections with separate cookies.</param>
public sealed class OperatorBrowser(Uri gateway, SocketsHttpHandler? handler = null) : IDisposable
{
    private readonly HttpClient _client = Client(handler ?? new SocketsHttpHandler { UseProxy = false });

    /// <summary>The CSRF token that it sends with a change; null sends none.</summary>
    public string? Csrf { get; set; }

    /// <summary>The cookies of the last response, as they were sent.</summary>
    public IReadOnlyList<string> SetCookies { get; private set; } = [];

    /// <summary>Signs in.</summary>
    public async Task<(int Status, JsonNode? Json)> SignInAsync(string name, string password)
    {
        var (status, json) = await SendAsync(
            "POST", "session", new JsonObject { ["name"] = name, ["password"] = password });
        Csrf = (string?)json?["who"]?["csrf"];
        return (status, json);
    }

    /// <summary>Sends a request to the admin API, optionally of another gateway with the same name.</summary>
    public async Task<(int Status, JsonNode? Json)> SendAsync(
        string method, string path, JsonNode? body = null, Uri? at = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(at ?? gateway, "/api/v1/" + path));
        if (Csrf is not null)
            request.Headers.Add("X-CSRF-Token", Csrf);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var response = await _client.SendAsync(request);
        SetCookies = response.Headers.TryGetValues("Set-Cookie", out var set) ? [.. set] : [];
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public void Dispose() => _client.Dispose();

    private static HttpClient Client(SocketsHttpHandler handler) => new(handler);
}
