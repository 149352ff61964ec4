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
        using var made = await new Operator(gateway).SendAsync(HttpMethod.Post, "grants", new JsonObject
        {
            ["name"] = name,
            ["servers"] = new JsonObject { ["srv"] = "policy" },
        });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var token = JsonNode.Parse(await made.Content.ReadAsStringAsync())!["token"]!.GetValue<string>();
        return new TestGrant(gateway, name, token);
    }

    public async Task RevokeAsync()
    {
        var by = new Operator(_gateway);
        using var shown = await by.SendAsync(HttpMethod.Get, $"grants/{_name}");
        using var revoked = await by.SendAsync(
            HttpMethod.Delete, $"grants/{_name}", ifMatch: shown.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
    }
}
