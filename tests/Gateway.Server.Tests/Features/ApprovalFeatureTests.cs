namespace Gateway.Server.Tests.Features;

/// <summary>A call that a person has to approve, by each official client that opens links.</summary>
public sealed class ApprovalFeatureTests(FeatureServer server) : FeatureTest(server)
{
    private const string Policy = """
        {
          "version": "1", "default": "allow",
          "tools": { "test_simple_text": {
            "action": "approve", "reason": "A person reads along.", "approval": { "wait": "120s" } } }
        }
        """;

    private readonly FeatureServer _server = server;

    [NodeTheory]
    [MemberData(nameof(Official.All), MemberType = typeof(Official))]
    public async Task Shows_the_link_and_goes_ahead_once_a_person_has_approved(string client)
    {
        var gateway = await _server.GatewayAsync(Policy);
        var seeing = SeeAsync(client, "approval", Policy);
        var id = await AskedAsync(gateway);

        using var approved = await AdminAsync(gateway, HttpMethod.Post, $"approvals/{id}/approve");

        Assert.Equal(200, (int)approved.StatusCode);
        string[] expected =
        [
            $"asked to open https://ops.example.com/console/#/approvals/{id}",
            "test_simple_text: This is a simple text response for testing.",
            .. Official.IsStateless(client) ? Array.Empty<string>() : ["elicitation/complete"],
        ];
        AssertSaw(client, expected, await seeing);
    }

    private static async Task<string> AskedAsync(TestGateway gateway)
    {
        while (true)
        {
            using var response = await AdminAsync(gateway, HttpMethod.Get, "approvals?state=open");
            using var page = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            foreach (var item in page.RootElement.GetProperty("items").EnumerateArray())
                return item.GetProperty("id").GetString()!;
        }
    }

    private static async Task<HttpResponseMessage> AdminAsync(TestGateway gateway, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(gateway.Address, "/api/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", gateway.AdminKey);
        if (method == HttpMethod.Post)
            request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
        return await gateway.Client.SendAsync(request);
    }
}
