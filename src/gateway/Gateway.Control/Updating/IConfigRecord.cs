using Gateway.Audit.Records;

namespace Gateway.Control.Updating;

/// <summary>The configuration files of one moment, and how they differ from those that were in force.</summary>
/// <param name="Path">The configuration file.</param>
/// <param name="Files">Each file that was read, with the SHA-256 of its content in hexadecimal digits.</param>
/// <param name="Changes">Each change in words; a value that may be a secret is never among them.</param>
/// <param name="Objects">The objects that change, as <c>policies/NAME</c>.</param>
public sealed record ConfigFileChange(
    string Path, IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> Changes,
    IReadOnlyList<string> Objects);

/// <summary>Records what the configuration file changes. Like any change, it is recorded before it is made.</summary>
public interface IConfigRecord
{
    /// <summary>Records a change, makes it, and keeps it in the history that all frontends share.</summary>
    /// <param name="by">The operator who asked for the reload; null if the file or a signal caused it.</param>
    /// <param name="change">The change.</param>
    /// <param name="apply">Makes it.</param>
    /// <exception cref="IOException">The audit log cannot be written; nothing was changed.</exception>
    Task ApplyAsync(Actor? by, ConfigFileChange change, Func<Task> apply);

    /// <summary>
    /// Records that the files of this start differ from those that were in force when this frontend last ran.
    /// </summary>
    Task StartAsync(string path, IReadOnlyDictionary<string, string> files);
}
