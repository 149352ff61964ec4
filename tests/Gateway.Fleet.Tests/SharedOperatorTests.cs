namespace Gateway.Fleet.Tests;

/// <summary>Operators and their sessions at gateways that share a database.</summary>
public class SharedOperatorTests() : FleetTest("""{ "version": "1", "default": "deny" }""")
{
    private const string Password = "correct horse battery staple";

    [ClusterFact]
    public async Task A_browser_signed_in_at_one_gateway_is_signed_in_at_every_other_and_may_what_it_may_there()
    {
        var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await new Operator(first).SendAsync(HttpMethod.Post, "operators", Ana("admin"));
        using var browser = new OperatorBrowser(first.Address);
        Assert.Equal(201, (await browser.SignInAsync("ana", Password)).Status);

        // The gateway that signed it in is gone, and with it all that only it knew.
        await first.DisposeAsync();

        await UntilAsync(browser, second, "GET", "operators", 200);
        Assert.Equal(200, (await browser.SendAsync("POST", "pause", at: second.Address)).Status);
    }

    [ClusterFact]
    public async Task A_role_taken_away_and_a_session_ended_at_one_gateway_are_so_at_every_other()
    {
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var operators = new Operator(first);
        await operators.SendAsync(HttpMethod.Post, "operators", Ana("admin"));
        using var browser = new OperatorBrowser(first.Address);
        await browser.SignInAsync("ana", Password);
        await UntilAsync(browser, second, "GET", "operators", 200);

        await operators.SendAsync(
            HttpMethod.Put, "operators/ana", new JsonObject { ["roles"] = new JsonArray("viewer") }, ifMatch: "*");
        Assert.Equal(403, (await browser.SendAsync("GET", "operators")).Status);
        await UntilAsync(browser, second, "GET", "operators", 403);

        Assert.Equal(204, (await browser.SendAsync("DELETE", "session", at: second.Address)).Status);
        await UntilAsync(browser, first, "GET", "session", 401);
    }

    [ClusterFact]
    public async Task Two_gateways_at_once_admit_one_person_with_an_invitation()
    {
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var administrator = new Operator(first);
        for (var round = 0; round < 5; round++)
        {
            using var made = await administrator.SendAsync(HttpMethod.Post, "invitations", new JsonObject
            {
                ["name"] = $"ben-{round}",
                ["roles"] = new JsonArray("viewer"),
            });
            var json = JsonNode.Parse(await made.Content.ReadAsStringAsync())!;
            var code = ((string)json["link"]!).Split("code=")[1];

            var statuses = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
            {
                using var browser = new OperatorBrowser(first.Address);
                return (await browser.SendAsync(
                    "POST", "session/invitation/accept",
                    new JsonObject { ["code"] = code, ["password"] = $"{Password} {i}" },
                    i % 2 == 0 ? first.Address : second.Address)).Status;
            }));

            Assert.Single(statuses, static status => status == 201);
        }

        Assert.Equal(5, (await ItemsAsync(administrator, "operators")).Count);
        Assert.Empty(await ItemsAsync(administrator, "invitations"));
    }

    [ClusterFact]
    public async Task What_was_changed_at_one_gateway_is_shown_and_restored_at_another_when_the_first_is_gone()
    {
        const string policy = """{ "version": "1", "default": "allow" }""";
        var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var there = new Operator(first);
        await there.SendAsync(HttpMethod.Put, "policies/p", JsonNode.Parse(policy)!.AsObject());
        await there.SendAsync(HttpMethod.Put, "policies/p",
            new JsonObject { ["version"] = "1", ["default"] = "deny" }, ifMatch: "*");
        await first.DisposeAsync();
        var here = new Operator(second);

        var changes = await ItemsAsync(here, "history?object=policies/p");
        Assert.Equal(["replace", "create"], changes.Select(static one => (string)one!["action"]!));
        var was = (long)changes[1]!["version"]!;
        using var restored = await here.SendAsync(
            HttpMethod.Post, $"policies/p/versions/{was}/restore", ifMatch: "*");
        Assert.Equal(HttpStatusCode.OK, restored.StatusCode);

        var versions = await ItemsAsync(here, "policies/p/versions");
        Assert.Equal(3, versions.Count);
        Assert.Equal((string?)versions[2]!["sha256"], (string?)versions[0]!["sha256"]);
    }

    [ClusterFact]
    public async Task A_passkey_of_one_gateway_signs_in_at_another_and_a_copy_of_it_at_none()
    {
        var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await using var third = await Bench.StartGatewayAsync();
        await new Operator(first).SendAsync(HttpMethod.Post, "operators", Ana("admin"));
        using var authenticator = new SoftAuthenticator { Origin = Origin(first) };
        using (var browser = Browser(first))
        {
            await browser.SignInAsync("ana", Password);
            var options = (await browser.SendAsync("POST", "session/passkeys/options")).Json!;
            Assert.Equal(201, (await browser.SendAsync("POST", "session/passkeys", new JsonObject
            {
                ["name"] = "laptop",
                ["credential"] = authenticator.Create(options),
            })).Status);
        }

        await first.KillAsync();
        await first.DisposeAsync();

        await Soon.UntilAsync(
            async () => await PasskeyAsync(authenticator, second) == 201, "the passkey is known at the second");
        // What was copied of it before counts from where it was; each gateway knows what the others saw.
        var seen = authenticator.SignCount;
        foreach (var gateway in (GatewayProcess[])[third, second])
        {
            authenticator.SignCount = seen - 1;
            Assert.Equal(401, await PasskeyAsync(authenticator, gateway));
        }

        Assert.Equal(201, await PasskeyAsync(authenticator, third));
    }

    [ClusterFact]
    public async Task Wrong_passwords_are_counted_together_and_a_gateway_that_comes_later_knows_of_them()
    {
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await new Operator(first).SendAsync(HttpMethod.Post, "operators", Ana("admin"));
        using var one = new OperatorBrowser(first.Address);
        using var other = new OperatorBrowser(second.Address);
        await Soon.UntilAsync(
            async () => (await other.SignInAsync("ana", Password)).Status == 201, "the second knows the operator");
        var held = 0;
        for (var i = 0; i < 12 && held == 0; i++)
        {
            if ((await (i % 2 == 0 ? one : other).SignInAsync("ana", "a guess " + i)).Status == 429)
                held = i;
        }

        Assert.InRange(held, 5, 7);
        await using var third = await Bench.StartGatewayAsync();
        using var late = new OperatorBrowser(third.Address);
        for (var i = 0; i < 4; i++)
            await late.SignInAsync("ana", "another guess");
        Assert.Equal(429, (await late.SignInAsync("ana", Password)).Status);
        Assert.Equal(429, (await one.SignInAsync("ana", Password)).Status);
        // It ends by itself; nobody locks an operator out for good.
        await Soon.UntilAsync(
            async () => (await other.SignInAsync("ana", Password)).Status == 201, "the right one is taken again");
    }

    private static Uri Local(GatewayProcess gateway) =>
        new(gateway.Address.ToString().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    private static string Origin(GatewayProcess gateway) => Local(gateway).GetLeftPart(UriPartial.Authority);

    private static OperatorBrowser Browser(GatewayProcess gateway) => new(Local(gateway));

    /// <summary>Signs in by the passkey in a browser of its own; the status of the answer.</summary>
    private static async Task<int> PasskeyAsync(SoftAuthenticator authenticator, GatewayProcess gateway)
    {
        using var browser = Browser(gateway);
        authenticator.Origin = Origin(gateway);
        var asked = (await browser.SendAsync("POST", "session/passkey/options")).Json!;
        return (await browser.SendAsync(
            "POST", "session/passkey", new JsonObject { ["credential"] = authenticator.Get(asked) })).Status;
    }

    private static async Task<JsonArray> ItemsAsync(Operator asked, string path)
    {
        using var response = await asked.SendAsync(HttpMethod.Get, path);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["items"]!.AsArray();
    }

    private static Task UntilAsync(
        OperatorBrowser browser, GatewayProcess gateway, string method, string path, int status) => Soon.UntilAsync(
        async () => (await browser.SendAsync(method, path, at: gateway.Address)).Status == status,
        $"{path} answers {status}");

    private static JsonObject Ana(string role) => new()
    {
        ["name"] = "ana",
        ["roles"] = new JsonArray(role),
        ["password"] = Password,
    };
}
