using System.CommandLine;
using Gateway.Control.Authenticity;

namespace Gateway.Hosting.Options;

/// <summary>The options that authenticate the documents of the control store.</summary>
internal static class StoreKeyArguments
{
    private static readonly Option<string?> Key = Setting.Text(
        "--store-key", "FILE",
        "File of secret keys, one in base64 per line, that authenticate the control documents: with database "
            + "rights alone, nobody can change them. The first key signs, the others only verify. Every frontend of a "
            + "store needs the same file.");

    private static readonly Option<string?> Accept = Setting.Text(
        "--accept-store", "DIGEST",
        "Accept exactly the differences that the gateway listed under this digest when it refused to start, for "
            + "example with a store of an earlier release or a restored backup.");

    private static readonly Option<string?> Reason = Setting.Text(
        "--accept-reason", "TEXT", "Reason for accepting the differences; recorded in the audit log.");

    public static void AddTo(Command command)
    {
        foreach (var option in (Option<string?>[])[Key, Accept, Reason])
            command.Options.Add(option);
        command.Validators.Add(static result =>
        {
            if (result.Value(Accept) is { Length: > 0 })
            {
                if (string.IsNullOrEmpty(result.Value(Key)))
                    result.AddError("--accept-store needs --store-key.");
                if (string.IsNullOrWhiteSpace(result.Value(Reason)))
                    result.AddError("--accept-store needs --accept-reason \"WHY\".");
            }
        });
    }

    public static StoreKeyOptions? Of(ParseResult parsed) => parsed.GetValue(Key) is { Length: > 0 } path
        ? new StoreKeyOptions(Path.GetFullPath(path), parsed.GetValue(Accept), parsed.GetValue(Reason))
        : null;
}
