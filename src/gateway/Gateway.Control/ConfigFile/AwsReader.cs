using Gateway.Control.Contracts;
using Gateway.Control.Definitions;

namespace Gateway.Control.ConfigFile;

/// <summary>A reader that checks the gateway's account for a server on AWS.</summary>
/// <param name="problem">Receives a JSON Pointer below the server, and the problem there.</param>
/// <param name="expand">Replaces references at a pointer; returns null if that failed and was reported.</param>
internal sealed class AwsReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    private const int NameMax = 128;
    private const int TokenMax = 16 * 1024;

    public AwsAccount? Read(IReadOnlyList<Uri> urls, ServerFile server)
    {
        if (server.Aws is not { } aws)
            return null;
        // The signature reveals no key, but whoever reads a request could send it again within some minutes.
        if (urls.Any(static url => url.Scheme != "https" && !url.IsLoopback))
            problem("/aws", "requests are signed only over https or to this machine; use an https address");
        if (server.OAuth is not null || server.Auth is not null
            || server.Headers?.Keys.Contains("Authorization", StringComparer.OrdinalIgnoreCase) == true)
            problem("/aws", "the gateway sends the signature in the Authorization header; remove the server's other "
                + "credential");
        var (region, service) = (Text("region", aws.Region, NameMax), Text("service", aws.Service, NameMax));
        var id = Text("accessKeyId", aws.AccessKeyId, NameMax);
        var secret = Text("secretAccessKey", aws.SecretAccessKey, NameMax);
        var token = aws.SessionToken is null ? null : Text("sessionToken", aws.SessionToken, TokenMax);
        return region is null || service is null || id is null || secret is null ? null
            : new AwsAccount(region, service, id, secret) { SessionToken = token };
    }

    private string? Text(string member, string? written, int charactersMax)
    {
        var pointer = $"/aws/{member}";
        if (written is null)
            problem(pointer, $"\"{member}\" is missing");
        if (written is null || expand(pointer, written) is not { } text)
            return null;
        if (text.Length == 0 || text.Length > charactersMax || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            problem(pointer, $"\"{member}\" must have 1 to {charactersMax} visible ASCII characters");
        return text;
    }
}
