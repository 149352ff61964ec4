using Gateway.Audit.Records;

namespace Gateway.Control.Updating;

/// <summary>The configuration files at one moment, and their differences from those in effect before.</summary>
/// <param name="Path">The configuration file.</param>
/// <param name="Files">Each file that was read, with the SHA-256 of its content in hexadecimal digits.</param>
/// <param name="Changes">Each change in words; never a value that may be a secret.</param>
/// <param name="Objects">The objects that change, as <c>policies/NAME</c>.</param>
public sealed record ConfigFileChange(
    string Path, IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> Changes,
    IReadOnlyList<string> Objects);

/// <summary>
/// Records changes of the configuration file. Like any change, they are recorded before they are made.
/// </summary>
public interface IConfigRecord
{
    /// <summary>Records a change, makes it, and keeps it in the history that all frontends share.</summary>
    /// <param name="by">The operator who requested the reload; null if the file or a signal caused it.</param>
    /// <param name="change">The change.</param>
    /// <param name="apply">Makes the change.</param>
    /// <exception cref="IOException">The audit log cannot be written; nothing was changed.</exception>
    Task ApplyAsync(Actor? by, ConfigFileChange change, Func<Task> apply);

    /// <summary>
    /// Records that the files of this start differ from those that were in effect when this frontend last ran.
    /// </summary>
    Task StartAsync(string path, IReadOnlyDictionary<string, string> files);
}
