namespace Gateway.Fleet.Tests;

/// <summary>The operator at one gateway of the fleet.</summary>
internal sealed class Operator(GatewayProcess gateway)
{
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, JsonNode? body = null, string? ifMatch = null)
    {
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(method, new Uri(gateway.Address, "/api/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", FleetBench.AdminKey);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await client.SendAsync(request);
    }

    public Task<HttpStatusCode> ApproveAsync(string id, string by = "Ada") => AnswerAsync(id, "approve", by);

    public Task<HttpStatusCode> DenyAsync(string id, string by = "Ada") => AnswerAsync(id, "deny", by);

    /// <summary>The id of the one request that is open, once this gateway knows of it.</summary>
    public async Task<string> OpenRequestAsync()
    {
        var id = "";
        await Soon.UntilAsync(async () =>
        {
            using var response = await SendAsync(HttpMethod.Get, "approvals?state=open");
            var items = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["items"]!.AsArray();
            id = items.Count == 1 ? items[0]!["id"]!.GetValue<string>() : "";
            return id.Length > 0;
        }, "a request is open");
        return id;
    }

    private async Task<HttpStatusCode> AnswerAsync(string id, string verb, string by)
    {
        using var response = await SendAsync(
            HttpMethod.Post, $"approvals/{id}/{verb}", new JsonObject { ["by"] = by, ["comment"] = "as said" });
        return response.StatusCode;
    }
}
