using System.CommandLine;
using Gateway.Audit.Files;

namespace Gateway.Server.Commands;

/// <summary>How much of its record <c>gateway run</c> keeps.</summary>
internal static class AuditOptions
{
    private static readonly Option<string?> Age = new("--audit-age")
    {
        Description = "How long audit records are kept: a length such as 90d, or \"never\" to delete none by age. "
            + "[default: 30d]",
        HelpName = "LENGTH",
    };

    private static readonly Option<string?> Bytes = new("--audit-bytes")
    {
        Description = "The most that the audit log takes: 500MB, 20GB. [default: a quarter of its volume]",
        HelpName = "SIZE",
    };

    private static readonly Option<string?> OnFull = new("--audit-on-full")
    {
        Description = "At that size \"rotate\" deletes the oldest file, \"deny\" refuses calls until files are moved "
            + "away. [default: rotate]",
        HelpName = "rotate|deny",
    };

    public static void AddTo(Command command)
    {
        foreach (var option in (Option<string?>[])[Age, Bytes, OnFull])
            command.Options.Add(option);
        command.Validators.Add(static result =>
        {
            if (AuditRetention.Problem(
                result.GetValue(Age), result.GetValue(Bytes), result.GetValue(OnFull)) is { } problem)
            {
                result.AddError(problem);
            }
        });
    }

    public static AuditRetention Of(ParseResult parsed) =>
        AuditRetention.Parse(parsed.GetValue(Age), parsed.GetValue(Bytes), parsed.GetValue(OnFull));
}
