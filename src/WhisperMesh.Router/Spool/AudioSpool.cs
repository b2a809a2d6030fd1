using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Spool;

/// <summary>The uploads in flight, in memory and in files, with one quota over all of them.</summary>
internal sealed class AudioSpool(IOptions<RouterOptions> options)
{
    public const string FileSuffix = ".whispermesh-spool";

    private readonly RouterOptions _options = options.Value;
    private long _bytes;
    private long _memory;
    private int _files;

    public long MaxFileBytes => _options.MaxUploadBytes;

    /// <summary>Bytes of all uploads in flight.</summary>
    public long BytesInUse => Interlocked.Read(ref _bytes);

    /// <summary>Bytes of memory that they have.</summary>
    public long MemoryInUse => Interlocked.Read(ref _memory);

    /// <summary>Number of uploads in flight.</summary>
    public int OpenFiles => Volatile.Read(ref _files);

    public string Directory { get; } =
        options.Value.SpoolDirectory ?? Path.Combine(Path.GetTempPath(), $"whispermesh-spool-{Environment.UserName}");

    public SpoolFile Create()
    {
        Interlocked.Increment(ref _files);
        return new SpoolFile(this, new SpoolContent(this));
    }

    /// <summary>Makes a file that no other process sees.</summary>
    /// <exception cref="MeshException">None can be made.</exception>
    internal SafeFileHandle OpenFile()
    {
        var path = Path.Combine(Directory, Guid.NewGuid().ToString("N") + FileSuffix);
        try
        {
            CreateDirectory();

            // Where the system allows it the file loses its name at once: nobody can open it, and it goes with the process.
            var handle = File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete,
                FileOptions.Asynchronous | (OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None));
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path);
            }

            return handle;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SpoolErrors.NotWritable(e);
        }
    }

    /// <summary>Takes memory for an upload; false when all of it is taken.</summary>
    internal bool TryTakeMemory(int count)
    {
        if (Interlocked.Add(ref _memory, count) <= _options.SpoolMemoryBytes)
        {
            return true;
        }

        Interlocked.Add(ref _memory, -count);
        return false;
    }

    internal void ReturnMemory(int count) => Interlocked.Add(ref _memory, -count);

    internal void Reserve(int count)
    {
        if (Interlocked.Add(ref _bytes, count) > _options.SpoolQuotaBytes)
        {
            Interlocked.Add(ref _bytes, -count);
            throw SpoolErrors.QuotaReached();
        }
    }

    internal void Release(long count)
    {
        Interlocked.Add(ref _bytes, -count);
        Interlocked.Decrement(ref _files);
    }

    private void CreateDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(Directory);
        }
        else
        {
            System.IO.Directory.CreateDirectory(Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
