using System.CommandLine;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Hosting.Options;

/// <summary>The certificates of a gateway, as files that are read again when they change.</summary>
internal static class TlsOptions
{
    private static readonly Option<string?> Certificate = Setting.Text(
        "--tls-cert", "FILE",
        "Certificate of every https:// address: PEM, followed by its chain. The file is read again when it changes.");

    private static readonly Option<string?> Key = Setting.Text(
        "--tls-key", "FILE", "The private key of --tls-cert, as PEM; optional if that file contains it.");

    private static readonly Option<string?> AdminCertificate = Setting.Text(
        "--admin-tls-cert", "FILE", "A separate certificate for an https:// address of --admin-listen.");

    private static readonly Option<string?> AdminKey = Setting.Text(
        "--admin-tls-key", "FILE", "The private key of --admin-tls-cert, as PEM; optional if that file contains it.");

    public static void AddTo(Command command)
    {
        foreach (var option in (Option<string?>[])[Certificate, Key, AdminCertificate, AdminKey])
            command.Options.Add(option);
        command.Validators.Add(static result =>
        {
            if (result.Value(Key) is not null && result.Value(Certificate) is null)
                result.AddError("--tls-key needs --tls-cert.");
            if (result.Value(AdminKey) is not null && result.Value(AdminCertificate) is null)
                result.AddError("--admin-tls-key needs --admin-tls-cert.");
        });
    }

    public static TlsFiles? Of(ParseResult parsed) => Files(parsed.GetValue(Certificate), parsed.GetValue(Key));

    public static TlsFiles? OfAdmin(ParseResult parsed) =>
        Files(parsed.GetValue(AdminCertificate), parsed.GetValue(AdminKey));

    private static TlsFiles? Files(string? certificate, string? key) =>
        certificate is null ? null : new TlsFiles(certificate, key);
}
