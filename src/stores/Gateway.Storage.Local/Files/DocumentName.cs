using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Storage.Local.Files;

/// <summary>
/// The file name of a document: readable for plain names, unique even if the file system ignores case, and never longer
/// than a file system allows. The file itself contains the document's full name.
/// </summary>
internal static class DocumentName
{
    public const string Extension = ".json";
    private const int LengthMax = 120;

    /// <summary>Returns the name that a file name stands for, or its beginning if it was cut.</summary>
    public static string NameOf(string path) => Uri.UnescapeDataString(Path.GetFileNameWithoutExtension(path));

    /// <summary>Returns true if a name taken from a file name is incomplete.</summary>
    public static bool IsCut(string name) => name.Contains('~', StringComparison.Ordinal);

    public static string Of(string name)
    {
        var text = new StringBuilder();
        foreach (var one in Encoding.UTF8.GetBytes(name))
        {
            if (one is >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'_'
                || (one == '.' && text.Length > 0))
            {
                text.Append((char)one);
            }
            else
                text.Append(CultureInfo.InvariantCulture, $"%{one:x2}");
        }

        if (text.Length > LengthMax)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
            text.Length = LengthMax - hash.Length - 1;
            text.Append('~').Append(hash);
        }

        return text.Append(Extension).ToString();
    }
}
