using System.Reflection;

namespace WhisperMesh.ServiceDefaults.Hosting;

/// <summary>Which build of a program runs.</summary>
public static class ProgramVersion
{
    /// <returns>Version and commit of the assembly that has the type, such as <c>0.1.0+9a315ca</c>.</returns>
    public static string Of(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
