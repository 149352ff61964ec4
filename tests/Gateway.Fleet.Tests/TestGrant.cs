using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Gateway.Server.Tests.Fixtures;

namespace Gateway.Fleet.Tests;

/// <summary>A grant that the operator made at one gateway of the fleet.</summary>
internal sealed class TestGrant
{
    private readonly GatewayProcess _gateway;
    private readonly string _name;

    private TestGrant(GatewayProcess gateway, string name, string token) =>
        (_gateway, _name, Token) = (gateway, name, token);

    public string Token { get; }

    public static async Task<TestGrant> MakeAsync(GatewayProcess gateway, string name)
    {
        using var made = await AdminAsync(
            gateway, HttpMethod.Post, "grants", $$$"""{"name":"{{{name}}}","servers":{"srv":"policy"}}""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var token = JsonNode.Parse(await made.Content.ReadAsStringAsync())!["token"]!.GetValue<string>();
        return new TestGrant(gateway, name, token);
    }

    public async Task RevokeAsync()
    {
        using var shown = await AdminAsync(_gateway, HttpMethod.Get, $"grants/{_name}");
        using var revoked = await AdminAsync(
            _gateway, HttpMethod.Delete, $"grants/{_name}", ifMatch: shown.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
    }

    private static async Task<HttpResponseMessage> AdminAsync(
        GatewayProcess gateway, HttpMethod method, string path, string? body = null, string? ifMatch = null)
    {
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(method, new Uri(gateway.Address, "/api/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", FleetBench.AdminKey);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await client.SendAsync(request);
    }
}
