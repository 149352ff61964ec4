using System.Buffers;

namespace Gateway.Policy.Results;

/// <summary>
/// A part of a secret's format after its prefix: a run of characters, read as long as possible. The next part begins
/// with none of the run's characters, so that a shorter run never has to be tried.
/// </summary>
/// <param name="Characters">The characters of the run.</param>
/// <param name="Min">Minimum length of the run.</param>
/// <param name="Max">Maximum length of the run; <see cref="Unbounded"/> for no limit.</param>
/// <param name="Text">A literal text instead of a run.</param>
internal sealed record SecretPart(SearchValues<char>? Characters, int Min, int Max, string? Text = null)
{
    public const int Unbounded = int.MaxValue;

    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static readonly SearchValues<char> Capital = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    public static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");
    public static readonly SearchValues<char> Word = SearchValues.Create(Alphanumeric);
    public static readonly SearchValues<char> WordUnderscore = SearchValues.Create(Alphanumeric + "_");
    public static readonly SearchValues<char> WordHyphen = SearchValues.Create(Alphanumeric + "-");
    public static readonly SearchValues<char> Token = SearchValues.Create(Alphanumeric + "_-");
    public static readonly SearchValues<char> Base64 = SearchValues.Create(Alphanumeric + "+/");
    public static readonly SearchValues<char> Base64Padded = SearchValues.Create(Alphanumeric + "+/=");
    public static readonly SearchValues<char> Credential = SearchValues.Create(Alphanumeric + "._~+/-");

    public static SecretPart Run(SearchValues<char> characters, int min, int max = Unbounded) =>
        new(characters, min, max);

    public static SecretPart Run(string characters, int min, int max = Unbounded) =>
        new(SearchValues.Create(characters), min, max);

    public static SecretPart Literal(string text) => new(null, 0, 0, text);
}
