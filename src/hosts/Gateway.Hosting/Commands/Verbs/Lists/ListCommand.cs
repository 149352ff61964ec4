using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Admin.Lists;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Lists;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Lists;

/// <summary><c>gateway list</c>: the lists of a running gateway that policies refer to.</summary>
internal static class ListCommand
{
    private static readonly Argument<string> Name = Resources.Lists.Name;

    // There is no verb "list", because the parser does not accept a verb with the name of its command.
    private static readonly Argument<string?> Shown = new("name")
    {
        Description = "The list's name; omit it to see all lists.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<FileInfo> Source = new("file")
    {
        Description = "One value per line, or a JSON array of strings; - for standard input.",
    };

    private static readonly Argument<string[]> Values = new("values")
    {
        Description = "The values.",
        Arity = ArgumentArity.ZeroOrMore,
        HelpName = "value",
    };

    private static readonly Option<FileInfo?> More = new("--file")
    {
        Description = "Further values: one per line, or a JSON array of strings; - for standard input.",
        HelpName = "FILE",
    };

    public static Command Create() => new("list", "Set, show and change the lists that policies name.")
    {
        RemoteVerb.CreateRows("show",
            "Show all lists with the policies that name them, or the values of one list, one value per line.\n\n"
            + "Examples:\n  gateway list show\n  gateway list show recipients > recipients.txt",
            (parsed, client, output, cancellation) => parsed.GetValue(Shown) is null
                ? Resources.Lists.ListAsync(Resources.Lists.Path, client, output, cancellation)
                : ShowAsync(parsed, client, output, cancellation),
            Shown),
        RemoteVerb.Create("set",
            "Create a list, or replace all its values.\n\nExample:\n"
            + "  gateway list set recipients recipients.txt", SetAsync, Name, Source, RemoteVerb.Reason),
        RemoteVerb.Create("add",
            "Add values to a list; the change applies from the next call.\n\nExamples:\n"
            + "  gateway list add recipients ana@example.com bo@example.com\n"
            + "  gateway list add recipients --file new.txt",
            (parsed, client, output, cancellation) => EditAsync("add", parsed, client, output, cancellation),
            Name, Values, More, RemoteVerb.Reason),
        RemoteVerb.Create("remove",
            "Remove values from a list; the change applies from the next call.\n\nExample:\n"
            + "  gateway list remove recipients ana@example.com",
            (parsed, client, output, cancellation) => EditAsync("remove", parsed, client, output, cancellation),
            Name, Values, More, RemoteVerb.Reason),
        Resources.Lists.Remove("delete",
            "Delete a list that is not named by any policy.\n\nExample:\n  gateway list delete "
                + "recipients", "was deleted."),
    };

    private static async Task<int> ShowAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var values = (await client.GetAsync(
            Resources.Lists.PathOf(parsed.GetValue(Shown)!), ClientJson.Default.ListInput, cancellation)).Value.Values;
        if (output.IsJson)
            output.Json(new JsonArray([.. values.Select(static value => JsonValue.Create(value))]));
        else if (output.IsCsv)
            output.Table(values, "", ("VALUE", static value => value));
        else
        {
            foreach (var value in values)
                output.Line(value);
        }

        return ExitCode.Well;
    }

    private static async Task<int> SetAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (Read(parsed.GetValue(Source)!) is not { } values)
            return ExitCode.Usage;
        var path = Resources.Lists.PathOf(parsed);
        var version = await client.VersionAsync(path, cancellation);
        var set = await client.PutAsync(
            path, new ListInput(values), ClientJson.Default.ListInput, version, ClientJson.Default.ListView,
            cancellation);
        output.Say($"{parsed.GetValue(Name)} has {Spelling.Count(set.Value.Count ?? 0, "value")}.", set.Json);
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

        var list = await client.PostAsync(
            $"{Resources.Lists.PathOf(parsed)}/{verb}", new ListInput(values), ClientJson.Default.ListInput,
            ClientJson.Default.ListView, cancellation);
        var done = verb == "add" ? "added" : "removed";
        output.Say(
            $"{list.Value.Changed} of {values.Length} values {done}: {list.Value.Name} has "
            + $"{Spelling.Count(list.Value.Count ?? 0, "value")}.", list.Json);
        return ExitCode.Well;
    }

    private static IReadOnlyList<string>? Read(FileInfo file)
    {
        if (InputFile.Read(file) is not { } bytes)
            return null;
        var values = ListText.Read(bytes, out var why);
        if (values is null)
            Console.Error.WriteLine($"{file} is not a list: {why}.");
        return values;
    }
}
