namespace Gateway.Fleet.Tests.Sharing;

/// <summary>What frontends over one store owe to each other; the tests of each store bind it.</summary>
public abstract class FrontendSharing
{
    /// <summary>What the frontends are started with.</summary>
    protected const string Policy = """
        { "version": "1", "default": "allow", "tools": {
          "refund": { "action": "approve", "approval": { "expires": "15m", "wait": "0s" } } } }
        """;

    private const string Value = "4711-0815-2342";
    private const string Sealed = "sealedArguments";
    private const string Arguments = $$"""{"amount":5,"card":"{{Value}}"}""";

    protected abstract string AdminKey { get; }

    /// <summary>Starts the frontend of this number, for the first time or again; where it listens.</summary>
    protected abstract Task<Uri> StartAsync(int number);

    protected abstract Task StopAsync(int number);

    /// <summary>Every document that lies in the store, as text.</summary>
    protected abstract Task<string> StoredAsync();

    private protected async Task ShowWhatIsSealedToEachOtherAsync()
    {
        using var first = await OpenAsync(1);
        using var second = await OpenAsync(2);
        var id = await AskAsync(first);

        var stored = await StoredAsync();
        Assert.Contains(Sealed, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, stored, StringComparison.Ordinal);
        Assert.Equal(Value, await CardAsync(second, id));

        await StopAsync(1);
        var approved = await second.OperateAsync(HttpMethod.Post, $"approvals/{id}/approve", """{ "by": "Ada" }""");
        Assert.Equal(Value, (string?)approved["arguments"]!["card"]);
        using var third = await OpenAsync(1);
        Assert.Equal(Value, await CardAsync(third, id));
        Assert.DoesNotContain(Value, await StoredAsync(), StringComparison.Ordinal);

        var (_, done) = await third.CallAsync(TestTokens.Agent, "refund", Arguments);
        Assert.Equal("done", (string?)done!["result"]!["content"]![0]!["text"]);
        await GoneAsync();
    }

    private protected async Task RemoveWhatIsSealedWithADenialAsync()
    {
        using var first = await OpenAsync(1);
        using var second = await OpenAsync(2);
        var id = await AskAsync(first);

        await second.OperateAsync(HttpMethod.Post, $"approvals/{id}/deny", """{ "by": "Ada" }""");

        await GoneAsync();
    }

    private protected async Task StopTheCallsOfEachOtherAsync()
    {
        using var first = await OpenAsync(1);
        using var second = await OpenAsync(2);
        Assert.Equal(HttpStatusCode.OK, (await second.CallAsync(TestTokens.Agent, "ok")).Status);
        await first.OperateAsync(HttpMethod.Post, "pause");
        await second.BecomesAsync(HttpStatusCode.Forbidden, TestTokens.Agent);
        await second.BecomesAsync(HttpStatusCode.Forbidden, TestTokens.Other);
        await second.OperateAsync(HttpMethod.Post, "grants/other/pause");

        await StopAsync(1);
        await StopAsync(2);
        using var third = await OpenAsync(1);
        Assert.Equal(HttpStatusCode.Forbidden, (await third.CallAsync(TestTokens.Agent, "ok")).Status);
        using var fourth = await OpenAsync(2);
        Assert.Equal(HttpStatusCode.Forbidden, (await fourth.CallAsync(TestTokens.Agent, "ok")).Status);

        await third.OperateAsync(HttpMethod.Post, "resume");
        await fourth.BecomesAsync(HttpStatusCode.OK, TestTokens.Agent);
        Assert.Equal(HttpStatusCode.Forbidden, (await fourth.CallAsync(TestTokens.Other, "ok")).Status);
    }

    private protected async Task PauseGrantsAndServersForEachOtherAsync()
    {
        using var first = await OpenAsync(1);
        using var second = await OpenAsync(2);
        await first.OperateAsync(HttpMethod.Post, "grants/agent/pause");
        await second.BecomesAsync(HttpStatusCode.Forbidden, TestTokens.Agent);
        Assert.Equal(HttpStatusCode.OK, (await second.CallAsync(TestTokens.Other, "ok")).Status);
        await first.OperateAsync(HttpMethod.Post, "servers/srv/pause");
        await second.BecomesAsync(HttpStatusCode.Forbidden, TestTokens.Other);

        await StopAsync(2);
        using var third = await OpenAsync(2);
        Assert.Equal(HttpStatusCode.Forbidden, (await third.CallAsync(TestTokens.Other, "ok")).Status);
        await third.OperateAsync(HttpMethod.Post, "servers/srv/resume");
        await first.BecomesAsync(HttpStatusCode.OK, TestTokens.Other);
        Assert.Equal(HttpStatusCode.Forbidden, (await first.CallAsync(TestTokens.Agent, "ok")).Status);
        await third.OperateAsync(HttpMethod.Post, "grants/agent/resume");
        await first.BecomesAsync(HttpStatusCode.OK, TestTokens.Agent);
    }

    private protected async Task ChangeListsForEachOtherAsync()
    {
        using var first = await OpenAsync(1);
        using var second = await OpenAsync(2);
        await first.OperateAsync(HttpMethod.Put, "lists/people", """{ "values": ["ana"] }""");
        await first.OperateAsync(HttpMethod.Put, "policies/listed", """
            { "version": "1", "default": "deny", "tools": { "send": { "require": [
              { "path": "args.to", "op": "in", "list": "people" } ] } } }
            """);
        var grant = await first.OperateAsync(
            HttpMethod.Post, "grants", """{ "name": "lister", "servers": { "srv": "listed" } }""");
        var token = (string)grant["token"]!;
        await BecomesAsync(second, token, "ana", isSent: true);
        await BecomesAsync(second, token, "bo", isSent: false);

        await first.OperateAsync(HttpMethod.Post, "lists/people/add", """{ "values": ["bo"] }""");
        await BecomesAsync(second, token, "bo", isSent: true);
        await second.OperateAsync(HttpMethod.Post, "lists/people/remove", """{ "values": ["ana"] }""");
        await BecomesAsync(first, token, "ana", isSent: false);

        await StopAsync(1);
        await StopAsync(2);
        using var third = await OpenAsync(1);
        await BecomesAsync(third, token, "ana", isSent: false);
        await BecomesAsync(third, token, "bo", isSent: true);
        var shown = await third.OperateAsync(HttpMethod.Get, "lists/people");
        Assert.Equal("bo", (string?)Assert.Single(shown["values"]!.AsArray()));
    }

    private static Task BecomesAsync(SharedFrontend frontend, string token, string to, bool isSent) => Soon.UntilAsync(
        async () =>
        {
            var (status, answer) = await frontend.CallAsync(token, "send", $$"""{"to":"{{to}}"}""");
            return status == HttpStatusCode.OK
                && answer!["result"]!["_meta"]?["policy-gateway/decision"] is null == isSent;
        },
        $"a call to {to} is {(isSent ? "sent" : "denied")}");

    private static async Task<string> AskAsync(SharedFrontend frontend)
    {
        var (_, answer) = await frontend.CallAsync(TestTokens.Agent, "refund", Arguments);
        var decision = answer!["result"]!["_meta"]!["policy-gateway/decision"]!;
        Assert.Equal("approval_required", (string?)decision["outcome"]);
        return (string)decision["approvalId"]!;
    }

    private static async Task<string?> CardAsync(SharedFrontend frontend, string id) =>
        (string?)(await frontend.OperateAsync(HttpMethod.Get, $"approvals/{id}"))["arguments"]!["card"];

    private async Task<SharedFrontend> OpenAsync(int number) => new(await StartAsync(number), AdminKey);

    private Task GoneAsync() => Soon.UntilAsync(
        async () => !(await StoredAsync()).Contains(Sealed, StringComparison.Ordinal),
        "the sealed arguments are gone from the store");
}
