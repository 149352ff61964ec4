using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Shell;

/// <summary><c>gateway context</c>: names for gateways, saved with their keys.</summary>
internal static class ContextCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The gateway's name on this machine." };

    private static readonly Option<string> Gateway = new("--gateway")
    {
        Description = "Address of the gateway's admin API.",
        HelpName = "URL",
        Required = true,
    };

    private static readonly Option<string?> Key = new("--admin-key")
    {
        Description = $"The gateway's admin key. Prefer {RemoteVerb.KeyVariable}, because other users can see command "
            + "lines.",
        HelpName = "KEY",
    };

    public static Command Create()
    {
        var add = new Command("add",
            "Save a gateway's address and key under a name, in a file that only you can read.\n\nExample:\n"
            + "  gateway context add prod --gateway https://gateway.internal:9090") { Name, Gateway, Key };
        var use = new Command("use",
            "Use this gateway by default.\n\nExample:\n  gateway context use prod") { Name };
        var remove = new Command("remove", "Forget a gateway and its key.\n\nExample:\n  gateway context remove prod")
        {
            Name,
        };
        var list = new Command("list", "List the saved gateways, without their keys.\n\nExample:\n  gateway context "
            + "list");
        Output.AddOptions(list, hasRows: true);
        add.SetAction(static parsed => Guarded(parsed, Add));
        use.SetAction(static parsed => Guarded(parsed, Use));
        remove.SetAction(static parsed => Guarded(parsed, Remove));
        list.SetAction(static parsed => Guarded(parsed, List));
        return new Command("context", "Save gateways by name, and choose one.") { add, use, remove, list };
    }

    private static int Guarded(ParseResult parsed, Func<ParseResult, SavedContexts, int> run)
    {
        try
        {
            return run(parsed, SavedContexts.Read());
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCode.Usage;
        }
    }

    private static int Add(ParseResult parsed, SavedContexts contexts)
    {
        var (name, url) = (parsed.GetValue(Name)!, parsed.GetValue(Gateway)!);
        if (!SavedContexts.IsName(name))
            return Wrong($"\"{name}\" is not a valid name for a context: use {SavedContexts.NameRule}.");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var gateway) || gateway.Scheme is not ("http" or "https")
            || gateway.UserInfo.Length > 0)
        {
            return Wrong($"\"{url}\" is not the address of a gateway; write it as http://127.0.0.1:8080.");
        }

        var key = parsed.GetValue(Key) ?? Environment.GetEnvironmentVariable(RemoteVerb.KeyVariable);
        contexts.Add(name, new SavedContext(gateway, string.IsNullOrEmpty(key) ? null : key));
        contexts.Write();
        var current = contexts.Current == name ? "; it is in use" : "";
        var keyless = string.IsNullOrEmpty(key) ? $", without a key; set {RemoteVerb.KeyVariable}" : "";
        Console.Out.WriteLine($"{name} is saved in {SavedContexts.Path}{keyless}{current}.");
        return ExitCode.Well;
    }

    private static int Use(ParseResult parsed, SavedContexts contexts)
    {
        var name = parsed.GetValue(Name)!;
        if (!contexts.Use(name))
            return NotFound.Say("context", name, contexts.All.Keys);
        contexts.Write();
        Console.Out.WriteLine($"{name} is in use: {contexts.All[name].Gateway}");
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(RemoteVerb.GatewayVariable)))
            Console.Error.WriteLine($"warning: {RemoteVerb.GatewayVariable} is set in this shell and overrides it.");
        return ExitCode.Well;
    }

    private static int Remove(ParseResult parsed, SavedContexts contexts)
    {
        var name = parsed.GetValue(Name)!;
        if (!contexts.Remove(name))
            return NotFound.Say("context", name, contexts.All.Keys);
        contexts.Write();
        Console.Out.WriteLine($"{name} was removed.");
        return ExitCode.Well;
    }

    private static int List(ParseResult parsed, SavedContexts contexts)
    {
        var output = Output.For(parsed);
        if (output.IsJson)
        {
            output.Json(new JsonArray([.. contexts.All.Select(one => new JsonObject
            {
                ["name"] = one.Key,
                ["gateway"] = one.Value.Gateway.ToString(),
                ["hasKey"] = one.Value.Key is not null,
                ["inUse"] = one.Key == contexts.Current,
            })]));
            return ExitCode.Well;
        }

        output.Table(
            contexts.All, "There are no saved gateways. See: gateway context add",
            ("NAME", static one => one.Key),
            ("GATEWAY", static one => $"{one.Value.Gateway}"),
            ("KEY", static one => one.Value.Key is null ? null : "saved"),
            ("IN USE", one => one.Key == contexts.Current ? "yes" : null));
        return ExitCode.Well;
    }

    private static int Wrong(string message)
    {
        Console.Error.WriteLine(message);
        return ExitCode.Usage;
    }
}
