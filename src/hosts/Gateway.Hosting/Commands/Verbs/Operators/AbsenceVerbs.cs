using System.CommandLine;
using Gateway.Admin.Operators;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Operators;

/// <summary>
/// <c>gateway operator away</c>, <c>back</c> and <c>absences</c>: who is away, and who decides in that time.
/// </summary>
internal static class AbsenceVerbs
{
    private static readonly Argument<string> Name = Resources.Operators.Name;

    private static readonly Option<string> Until = new("--until")
    {
        Description = "The end: an instant such as 2027-08-14T08:00:00+02:00, or a length such as 7d; at most 90 days "
            + "away.",
        HelpName = "TIME",
        Required = true,
    };

    private static readonly Option<string?> From = new("--from")
    {
        Description = "The start: an instant, or a length from now such as 2d. Default: now.",
        HelpName = "TIME",
    };

    private static readonly Option<string?> Delegate = new("--delegate")
    {
        Description = "The operator who may approve and deny the calls that the absent operator may decide. Default: "
            + "nobody.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Note = new("--note")
    {
        Description = "A note for colleagues, one line of at most 200 characters.",
        HelpName = "TEXT",
    };

    public static IEnumerable<Command> Create() =>
    [
        RemoteVerb.Create("away",
            "Set when an operator is away, and who decides on approvals in that time. You can set your own absence; "
            + "administrators can also set the absences of others.\n\nExample:\n  gateway operator away bob --until "
            + "7d --delegate anna",
            AwayAsync, Name, Until, From, Delegate, Note, RemoteVerb.Reason),
        RemoteVerb.Create("back",
            "End an operator's absence: the delegate can no longer decide.\n\nExample:\n  gateway operator back bob",
            async static (parsed, client, output, cancellation) =>
            {
                await client.DeleteAsync(PathOf(parsed), null, cancellation);
                output.Say($"{parsed.GetValue(Name)} is back.", null);
                return ExitCode.Well;
            }, Name, RemoteVerb.Reason),
        RemoteVerb.CreateRows("absences",
            "List the operators who are away or plan to be away, each with the person who decides instead."
            + "\n\nExample:\n"
            + "  gateway operator absences",
            static (_, client, output, cancellation) =>
                Resources.Absences.ListAsync(Resources.Absences.Path, client, output, cancellation)),
    ];

    private static async Task<int> AwayAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var body = new AbsenceInput
        {
            Until = parsed.GetValue(Until)!,
            From = parsed.GetValue(From),
            Delegate = parsed.GetValue(Delegate),
            Note = parsed.GetValue(Note),
        };
        var set = await client.PutAsync(
            PathOf(parsed), body, ClientJson.Default.AbsenceInput, ifMatch: null, ClientJson.Default.AbsenceView,
            cancellation);
        var one = set.Value;
        var begin = one.State == "planned" ? $"from {Times.Show(one.From)} " : "";
        output.Say(
            $"{one.Operator} is away {begin}until {Times.Show(one.Until)}; "
            + (one.Delegate is { } other ? $"{other} decides for {one.Operator}." : "nobody decides in that time."),
            set.Json);
        return ExitCode.Well;
    }

    private static string PathOf(ParseResult parsed) => $"{Resources.Operators.PathOf(parsed)}/absence";
}
