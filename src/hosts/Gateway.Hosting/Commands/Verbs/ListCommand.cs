using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Lists;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway list</c>: the lists that policies of a running gateway name.</summary>
internal static class ListCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The list's name." };

    // No verb "list": the parser takes no verb that is named as its command.
    private static readonly Argument<string?> Shown = new("name")
    {
        Description = "The list's name; which there are, if this is left out.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<FileInfo> Source = new("file")
    {
        Description = "One value a line, or a JSON array of texts; - for standard input.",
    };

    private static readonly Argument<string[]> Values = new("values")
    {
        Description = "The values.",
        Arity = ArgumentArity.ZeroOrMore,
        HelpName = "value",
    };

    private static readonly Option<FileInfo?> More = new("--file")
    {
        Description = "Further values: one a line, or a JSON array of texts; - for standard input.",
        HelpName = "FILE",
    };

    public static Command Create() => new("list", "Set, show and change the lists that policies name.")
    {
        RemoteVerb.CreateRows("show",
            "Show which lists there are and the policies that name them, or the values of one, one a line.\n\n"
            + "Examples:\n  gateway list show\n  gateway list show recipients > recipients.txt",
            (parsed, client, output, cancellation) => parsed.GetValue(Shown) is null
                ? ListAsync(client, output, cancellation)
                : ShowAsync(parsed, client, output, cancellation),
            Shown),
        RemoteVerb.Create("set",
            "Make a list, or put other values in the place of all that it has.\n\nExample:\n"
            + "  gateway list set recipients recipients.txt", SetAsync, Name, Source),
        RemoteVerb.Create("add",
            "Add values to a list, from the next call on.\n\nExamples:\n"
            + "  gateway list add recipients ana@example.com bo@example.com\n"
            + "  gateway list add recipients --file new.txt",
            (parsed, client, output, cancellation) => EditAsync("add", parsed, client, output, cancellation),
            Name, Values, More),
        RemoteVerb.Create("remove",
            "Take values out of a list, from the next call on.\n\nExample:\n"
            + "  gateway list remove recipients ana@example.com",
            (parsed, client, output, cancellation) => EditAsync("remove", parsed, client, output, cancellation),
            Name, Values, More),
        RemoteVerb.Create("delete",
            "Delete a list that no policy names.\n\nExample:\n  gateway list delete recipients", DeleteAsync, Name),
    };

    private static async Task<int> ListAsync(AdminClient client, Output output, CancellationToken cancellation)
    {
        output.Table(await client.ListAsync("lists", cancellation), "There is no list. See: gateway list set",
            ("NAME", static list => (string?)list["name"]),
            ("VALUES", static list => list["count"]?.ToString() ?? "cannot be read"),
            ("POLICIES", static list => string.Join(", ", list["policies"]!.AsArray())),
            ("FROM", static list => (string?)list["origin"]));
        return ExitCode.Well;
    }

    private static async Task<int> ShowAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var path = Path(parsed.GetValue(Shown)!);
        var values = (await client.GetAsync(path, cancellation)).Object["values"]!.AsArray();
        if (output.IsJson || output.IsCsv)
            output.Table(values, "", ("VALUE", static value => (string?)value));
        else
        {
            foreach (var value in values)
                output.Line((string)value!);
        }

        return ExitCode.Well;
    }

    private static async Task<int> SetAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (Read(parsed.GetValue(Source)!) is not { } values)
            return ExitCode.Usage;
        var version = await client.VersionAsync(Path(parsed), cancellation);
        var set = await client.SendAsync("PUT", Path(parsed), Body(values), version, cancellation);
        output.Say($"{parsed.GetValue(Name)} has {Spelling.Count((long)set.Object["count"]!, "value")}.", set.Json);
        return ExitCode.Well;
    }

    private static async Task<int> EditAsync(
        string verb, ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        IReadOnlyList<string>? more = [];
        if (parsed.GetValue(More) is { } file && (more = Read(file)) is null)
            return ExitCode.Usage;
        string[] values = [.. parsed.GetValue(Values) ?? [], .. more];
        if (values.Length == 0)
        {
            Console.Error.WriteLine($"Name the values: \"gateway list {verb} NAME VALUE\", or --file FILE.");
            return ExitCode.Usage;
        }

        var list = (await client.SendAsync("POST", $"{Path(parsed)}/{verb}", Body(values), null, cancellation)).Object;
        var done = verb == "add" ? "added" : "removed";
        output.Say(
            $"{list["changed"]} of {values.Length} {done}: {list["name"]} has "
            + $"{Spelling.Count((long)list["count"]!, "value")}.", list);
        return ExitCode.Well;
    }

    private static async Task<int> DeleteAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var version = await client.VersionAsync(Path(parsed), cancellation);
        await client.SendAsync("DELETE", Path(parsed), null, version ?? "*", cancellation);
        output.Say($"{parsed.GetValue(Name)} is deleted.", null);
        return ExitCode.Well;
    }

    private static IReadOnlyList<string>? Read(FileInfo file)
    {
        if (PolicyFile.Read(file) is not { } bytes)
            return null;
        var values = ListText.Read(bytes, out var why);
        if (values is null)
            Console.Error.WriteLine($"{file} is no list: {why}.");
        return values;
    }

    private static JsonObject Body(IEnumerable<string> values) => new()
    {
        ["values"] = new JsonArray([.. values.Select(static value => JsonValue.Create(value))]),
    };

    private static string Path(ParseResult parsed) => Path(parsed.GetValue(Name)!);

    private static string Path(string name) => $"lists/{Uri.EscapeDataString(name)}";
}
