using System.CommandLine;
using Gateway.Audit.Files;

namespace Gateway.Hosting.Options;

/// <summary>How much of its record a gateway keeps.</summary>
internal static class AuditOptions
{
    private static readonly Option<string?> Age = Setting.Text(
        "--audit-age", "LENGTH",
        "How long audit records are kept: a length such as 90d, or \"never\" to delete none by age. [default: 30d]");

    private static readonly Option<string?> Bytes = Setting.Text(
        "--audit-bytes", "SIZE",
        "The most that the audit log takes: 500MB, 20GB. [default: a quarter of its volume]");

    private static readonly Option<string?> OnFull = Setting.Text(
        "--audit-on-full", "rotate|deny",
        "At that size \"rotate\" deletes the oldest file, \"deny\" refuses calls until files are moved away. "
            + "[default: rotate]");

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
