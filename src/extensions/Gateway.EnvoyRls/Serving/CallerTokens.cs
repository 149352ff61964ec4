using System.Security.Cryptography;
using System.Text;
using Gateway.EnvoyRls.Options;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.EnvoyRls.Serving;

/// <summary>Tokens of which a caller has to send one; only digests are kept.</summary>
internal sealed class CallerTokens
{
    private const string Scheme = "Bearer ";
    private const int CharactersMin = 16;
    private const int TokensMax = 16;
    private readonly string _path;
    private volatile byte[][] _digests;
    private string? _problem;

    private CallerTokens(string path) => (_path, _digests) = (path, Read(path));

    /// <summary>Null where callers need none.</summary>
    /// <exception cref="ListenException">The file is wrong.</exception>
    public static CallerTokens? Of(RlsSettings settings) =>
        settings.TokenFile is { } file ? new(file) : null;

    /// <summary>Takes the file over where it is another one than last time.</summary>
    /// <returns>
    /// Null where nothing is new; "" where other tokens are in force now; else why the file cannot be used, told once,
    /// while those before stay.
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

    /// <summary>One token a line; several, so that a token can be replaced while both are good.</summary>
    private static byte[][] Read(string path)
    {
        try
        {
            string[] tokens = [.. File.ReadLines(path).Select(static line => line.Trim())
                .Where(static line => line.Length > 0).Take(TokensMax + 1)];
            return tokens.Length is > 0 and <= TokensMax
                && Array.TrueForAll(tokens, static token => token.Length >= CharactersMin)
                    ? (byte[][])[.. tokens.Select(static token => Digest(token))]
                    : throw new ListenException($"{path} must have 1 to {TokensMax} tokens, one a line, of "
                        + $"{CharactersMin} characters or more each");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ListenException($"cannot read the tokens of callers: {e.Message}", e);
        }
    }

    /// <summary>Whether an <c>Authorization</c> field has one of them.</summary>
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
