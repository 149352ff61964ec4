using System.Security.Cryptography;
using System.Text;
using Gateway.EnvoyRls.Options;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.EnvoyRls.Serving;

/// <summary>The tokens of which a caller must send one; only digests are kept.</summary>
internal sealed class CallerTokens
{
    private const string Scheme = "Bearer ";
    private const int CharactersMin = 16;
    private const int TokensMax = 16;
    private readonly string _path;
    private volatile byte[][] _digests;
    private string? _problem;

    private CallerTokens(string path) => (_path, _digests) = (path, Read(path));

    /// <summary>Reads the tokens; returns null if callers need none.</summary>
    /// <exception cref="ListenException">The file is not valid.</exception>
    public static CallerTokens? Of(RlsSettings settings) =>
        settings.TokenFile is { } file ? new(file) : null;

    /// <summary>Reloads the file if it has changed.</summary>
    /// <returns>
    /// Null if nothing changed; "" if other tokens are now active; otherwise the reason why the file cannot be used,
    /// reported once, while the previous tokens stay active.
    /// </returns>
    public string? Refresh()
    {
        try
        {
            var read = Read(_path);
            _problem = null;
            var isSame = read.Length == _digests.Length
                && read.Zip(_digests).All(static two => two.First.SequenceEqual(two.Second));
            if (isSame)
                return null;
            _digests = read;
            return "";
        }
        catch (ListenException e)
        {
            if (e.Message == _problem)
                return null;
            return _problem = e.Message;
        }
    }

    /// <summary>
    /// Reads the tokens, one per line; several, so that a token can be replaced while both are valid.
    /// </summary>
    private static byte[][] Read(string path)
    {
        try
        {
            string[] tokens = [.. File.ReadLines(path).Select(static line => line.Trim())
                .Where(static line => line.Length > 0).Take(TokensMax + 1)];
            return tokens.Length is > 0 and <= TokensMax
                && Array.TrueForAll(tokens, static token => token.Length >= CharactersMin)
                    ? (byte[][])[.. tokens.Select(static token => Digest(token))]
                    : throw new ListenException($"{path} must have 1 to {TokensMax} tokens, one per line, of "
                        + $"{CharactersMin} or more characters each");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ListenException($"cannot read the tokens of callers: {e.Message}", e);
        }
    }

    /// <summary>Returns true if an <c>Authorization</c> field contains one of the tokens.</summary>
    public bool Knows(string? authorization)
    {
        if (authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
            return false;
        var digest = Digest(authorization[Scheme.Length..].Trim());
        var isKnown = false;
        foreach (var one in _digests)
            isKnown |= CryptographicOperations.FixedTimeEquals(one, digest);
        return isKnown;
    }

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
