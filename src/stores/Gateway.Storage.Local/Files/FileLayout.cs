using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Control.Documents;

namespace Gateway.Storage.Local.Files;

/// <summary>
/// File names and contents of documents and archive entries for backups, the same for every store. Names are relative
/// to the data directory and use <c>/</c>.
/// </summary>
public static class FileLayout
{
    private const string Control = "control";
    private const string Archive = "control-archive";

    /// <summary>Returns the file name of a document.</summary>
    public static string NameOf(ControlKey key) => $"{Control}/{key.Kind}/{DocumentName.Of(key.Name)}";

    /// <summary>Returns the contents of that file.</summary>
    public static byte[] BytesOf(ControlDocument document) => DocumentFile.Write(document).ToArray();

    /// <summary>Parses the document in such a file.</summary>
    /// <exception cref="ControlStoreException">The bytes are not a document.</exception>
    public static ControlDocument Document(string name, byte[] bytes)
    {
        try
        {
            return DocumentFile.Read(name.Split('/')[1], bytes);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException
            or ArgumentException or IndexOutOfRangeException)
        {
            throw new ControlStoreException($"{name} is not a control document: {e.Message}", e);
        }
    }

    /// <summary>Returns the folder of a topic.</summary>
    public static string FolderOf(string topic) => DocumentName.Of(topic)[..^DocumentName.Extension.Length];

    /// <summary>Returns the file name of an archive entry.</summary>
    public static string NameOf(string topic, long number) => string.Create(
        CultureInfo.InvariantCulture, $"{Archive}/{FolderOf(topic)}/{number:D19}{DocumentName.Extension}");

    /// <summary>Returns the folder of a topic and the number of an entry; null for any other file.</summary>
    public static (string Folder, long Number)? Entry(string name) =>
        name.Split('/') is [Archive, var folder, var file]
        && long.TryParse(
            Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (folder, number)
            : null;

    /// <summary>Returns the topic of a folder; null if the topic's name was too long for the folder name.</summary>
    public static string? TopicOf(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var topic = Encoding.UTF8.GetString([.. Bytes(folder)]);
        return FolderOf(topic) == folder ? topic : null;

        static IEnumerable<byte> Bytes(string text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                var isEscaped = text[i] == '%' && i + 2 < text.Length;
                yield return isEscaped && byte.TryParse(
                    text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var one)
                    ? one : (byte)text[i];
                i += isEscaped ? 2 : 0;
            }
        }
    }
}
