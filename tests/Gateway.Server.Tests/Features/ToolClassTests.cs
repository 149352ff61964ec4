using Gateway.Catalogue.Keeping;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Policy.Classes;
using Gateway.Proxy.Pinning;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Features;

/// <summary>Policies with rules by class, and a server that tries to leave a class.</summary>
public sealed class ToolClassTests
{
    private const string Policy = """
        {
          "version": "1", "default": "allow", "tools": { "*": {} },
          "classes": { "Destructive": { "action": "deny" }, "uncertain": { "action": "deny" } }
        }
        """;

    private const string Destructive = "/classes/Destructive/action";
    private const string Uncertain = "/classes/uncertain/action";

    private static readonly string Delete = ChangingServer.Tool("delete_user", "Permanently deletes a user.");
    private static readonly string List = ChangingServer.Tool("list_users", "Lists all users.");

    [Fact]
    public async Task Server_cannot_leave_a_class_by_renaming_or_describing_a_tool_otherwise()
    {
        await using var bench = await StartAsync();
        Assert.Equal(Destructive, await bench.CallAsync("delete_user"));
        Assert.Null(await bench.CallAsync("list_users"));
        Assert.Equal(["list_users"], await bench.ListedAsync());

        const string Harmless = "Lists all users.";
        bench.Server.Tools =
            [ChangingServer.Tool("delete_user", Harmless), ChangingServer.Tool("get_user", Harmless), List];
        Assert.Equal(["list_users"], await bench.ListedAsync());
        Assert.Equal(Uncertain, await bench.CallAsync("delete_user"));
        Assert.Equal(Uncertain, await bench.CallAsync("get_user"));
        Assert.Equal(Uncertain, await bench.CallAsync("never_listed"));
        await bench.AskAsync("catalogue/srv?refresh=1");
        Assert.Equal(Uncertain, await bench.CallAsync("delete_user"));

        // The person who accepts the change sees which class it gets.
        var drift = (await bench.AskAsync("catalogue/srv/drift")).Body["tools"]!.AsArray();
        Assert.Equal(("delete_user", "Destructive"), ((string)drift[0]!["name"]!, (string)drift[0]!["class"]!));
        Assert.NotNull(drift[0]!["classProposed"]);
        bench.Server.Tools = [Delete, List];
        await bench.AskAsync("catalogue/srv?refresh=1");
        Assert.Equal(Destructive, await bench.CallAsync("delete_user"));
        Assert.Equal(1, bench.Server.Calls);
    }

    [Fact]
    public async Task New_tool_is_uncertain_until_it_is_accepted_at_every_frontend_and_after_a_restart()
    {
        await using var bench = await StartAsync();
        bench.Server.Tools = [Delete, List, ChangingServer.Tool("list_orders", "Lists all orders.")];
        await bench.AskAsync("catalogue/srv?refresh=1");
        Assert.Equal(Uncertain, await bench.CallAsync("list_orders"));

        Assert.Equal(200, (await bench.AskAsync("catalogue/srv/tools/list_orders/accept", "POST")).Status);
        Assert.Null(await bench.CallAsync("list_orders"));
        Assert.Equal(["list_orders", "list_users"], (await bench.ListedAsync()).Order(StringComparer.Ordinal));

        // Another frontend over the same store decides by the same classes.
        var services = bench.Services;
        var pinned = new PinnedTools();
        using var other = new InventoryStore(
            services.GetRequiredService<IControlStore>(), services.GetRequiredService<SnapshotUpdater>(), pinned);
        Assert.Equal(ToolClass.Uncertain, pinned.ClassOf("srv", "list_orders"));
        await other.FollowAsync(default);
        foreach (var tool in (string[])["delete_user", "list_users", "list_orders", "never_listed"])
            Assert.Equal(services.GetRequiredService<PinnedTools>().ClassOf("srv", tool), pinned.ClassOf("srv", tool));
        Assert.Equal(ToolClass.Read, pinned.ClassOf("srv", "list_orders"));

        await bench.RestartAsync();
        Assert.Null(await bench.CallAsync("list_orders"));
        Assert.Equal(Destructive, await bench.CallAsync("delete_user"));
    }

    [Fact]
    public async Task Operator_sets_a_class_with_a_reason_which_is_shown_and_kept_over_changes()
    {
        await using var bench = await StartAsync();
        const string Path = "catalogue/srv/tools/list_users/class";

        Assert.Equal(422, (await SetAsync("Destructive", " ")).Status);
        Assert.Equal(422, (await SetAsync("destructive", "It also purges.")).Status);
        Assert.Equal(404, (await bench.AskAsync(
            "catalogue/srv/tools/none/class", "PUT", Input("Read", "None."))).Status);
        Assert.Equal(204, (await SetAsync("Destructive", "It also purges.")).Status);
        Assert.Equal(Destructive, await bench.CallAsync("list_users"));

        var shown = (await bench.AskAsync("servers/srv/tools")).Body["tools"]!.AsArray()
            .Single(static tool => (string)tool!["name"]! == "list_users")!["class"]!;
        Assert.Equal(
            ("Destructive", "operator", "It also purges."),
            ((string)shown["name"]!, (string)shown["origin"]!, (string)shown["reason"]!));
        var audit = (await bench.AskAsync("audit?kind=change")).Body.ToJsonString();
        Assert.Contains("accept-class", audit, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"It also purges.\"", audit, StringComparison.Ordinal);
        Assert.Contains("Destructive (operator)", audit, StringComparison.Ordinal);

        // Neither a changed definition nor its acceptance takes the operator's decision back.
        bench.Server.Tools = [Delete, ChangingServer.Tool("list_users", "Lists all users quickly.")];
        await bench.AskAsync("catalogue/srv?refresh=1");
        Assert.Equal(409, (await SetAsync("Read", "Now it is fine.")).Status);
        Assert.Equal(Uncertain, await bench.CallAsync("list_users"));
        Assert.Equal(200, (await bench.AskAsync("catalogue/srv/tools/list_users/accept", "POST")).Status);
        Assert.Equal(Destructive, await bench.CallAsync("list_users"));
        Assert.Equal(0, bench.Server.Calls);

        Task<(int Status, JsonObject Body)> SetAsync(string name, string reason) =>
            bench.AskAsync(Path, "PUT", Input(name, reason));

        static JsonObject Input(string name, string reason) => new() { ["class"] = name, ["reason"] = reason };
    }

    [Fact]
    public async Task Without_an_inventory_each_tool_is_uncertain()
    {
        await using var bench = await InventoryBench.StartAsync(Policy, TimeSpan.Zero, List);

        Assert.Equal(Uncertain, await bench.CallAsync("list_users"));
        Assert.Empty(await bench.ListedAsync());
        Assert.Equal(0, bench.Server.Calls);
    }

    [Fact]
    public async Task Explain_review_and_diff_of_the_api_use_the_accepted_class()
    {
        await using var bench = await StartAsync();
        var policy = JsonNode.Parse(Policy)!;

        var explained = await bench.AskAsync("policies/p/explain", "POST", new JsonObject
        {
            ["tool"] = "delete_user",
            ["server"] = "srv",
            ["policy"] = policy.DeepClone(),
        });
        Assert.Equal(Destructive, (string?)explained.Body["rule"]);
        explained = await bench.AskAsync("policies/p/explain", "POST", new JsonObject
        {
            ["tool"] = "delete_user",
            ["class"] = "Read",
            ["policy"] = policy.DeepClone(),
        });
        Assert.Equal("allowed", (string?)explained.Body["outcome"]);

        var review = await bench.AskAsync("policies/p/review?server=srv", "POST", policy);
        Assert.Contains(review.Body["problems"]!.AsArray(), static one => ((string)one!["message"]!).Contains(
            "matches delete_user, but /classes/Destructive decides, which is stricter", StringComparison.Ordinal));
        Assert.Contains(review.Body["parts"]!.AsArray(), static one => (string)one!["name"]! == "class Destructive"
            && (string?)one["tools"]!.AsArray().Single() == "delete_user");
    }

    /// <summary>The first list of the server is the baseline.</summary>
    private static async Task<InventoryBench> StartAsync()
    {
        var bench = await InventoryBench.StartAsync(Policy, TimeSpan.Zero, Delete, List);
        Assert.Equal(200, (await bench.AskAsync("catalogue/srv")).Status);
        return bench;
    }
}
