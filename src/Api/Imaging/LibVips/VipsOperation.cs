namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>One call of a libvips operation: set inputs, build, read outputs, dispose.</summary>
internal sealed unsafe class VipsOperation : IDisposable
{
    private readonly string name;
    private nint handle;

    public VipsOperation(string name)
    {
        VipsRuntime.Ensure();
        this.name = name;
        handle = Native.vips_operation_new(name);
        if (handle == 0)
        {
            throw new VipsException(name, VipsRuntime.TakeError());
        }
    }

    public VipsOperation Set(string property, int value)
    {
        var box = default(Native.GValue);
        Native.g_value_init(&box, Native.TypeInt);
        Native.g_value_set_int(&box, value);
        return Put(property, &box);
    }

    public VipsOperation Set(string property, bool value)
    {
        var box = default(Native.GValue);
        Native.g_value_init(&box, Native.TypeBoolean);
        Native.g_value_set_boolean(&box, value ? 1 : 0);
        return Put(property, &box);
    }

    public VipsOperation Set(string property, double value)
    {
        var box = default(Native.GValue);
        Native.g_value_init(&box, Native.TypeDouble);
        Native.g_value_set_double(&box, value);
        return Put(property, &box);
    }

    public VipsOperation Set(string property, string value)
    {
        var box = default(Native.GValue);
        Native.g_value_init(&box, Native.TypeString);
        Native.g_value_set_string(&box, value);
        return Put(property, &box);
    }

    public VipsOperation Set(string property, params double[] values)
    {
        var box = default(Native.GValue);
        Native.g_value_init(&box, Native.vips_array_double_get_type());
        fixed (double* first = values)
        {
            Native.vips_value_set_array_double(&box, first, values.Length);
        }

        return Put(property, &box);
    }

    public VipsOperation Set(string property, VipsImage image)
    {
        var box = default(Native.GValue);
        Native.g_value_init(&box, Native.vips_image_get_type());
        Native.g_value_set_object(&box, image.DangerousGetHandle());
        Put(property, &box);
        GC.KeepAlive(image);
        return this;
    }

    public VipsOperation SetBlob(string property, ReadOnlySpan<byte> data)
    {
        var box = default(Native.GValue);
        Native.g_value_init(&box, Native.vips_blob_get_type());
        fixed (byte* first = data)
        {
            // Copied into memory that libvips owns: lazy images read it after this call.
            var blob = Native.vips_blob_copy(first, (nuint)data.Length);
            Native.g_value_set_boxed(&box, blob);
            Native.vips_area_unref(blob);
        }

        return Put(property, &box);
    }

    public VipsOperation Build()
    {
        var built = Native.vips_cache_operation_build(handle);
        if (built == 0)
        {
            throw new VipsException(name, VipsRuntime.TakeError());
        }

        // The built operation is a reference of its own, possibly another object than the one that was set up.
        Native.g_object_unref(handle);
        handle = built;
        return this;
    }

    /// <summary>Builds, takes the image `out` and ends the operation.</summary>
    public VipsImage Run()
    {
        using (this)
        {
            Build();
            return TakeImage("out");
        }
    }

    /// <summary>Builds a saver, takes the bytes of `buffer` and ends the operation.</summary>
    public byte[] RunToBytes()
    {
        using (this)
        {
            Build();
            var box = default(Native.GValue);
            Native.g_value_init(&box, Native.vips_blob_get_type());
            Native.g_object_get_property(handle, "buffer", &box);
            nuint length = 0;
            var data = Native.vips_value_get_blob(&box, &length);
            var bytes = new ReadOnlySpan<byte>((void*)data, checked((int)length)).ToArray();
            Native.g_value_unset(&box);
            return bytes;
        }
    }

    public double RunToDouble()
    {
        using (this)
        {
            Build();
            var box = default(Native.GValue);
            Native.g_value_init(&box, Native.TypeDouble);
            Native.g_object_get_property(handle, "out", &box);
            var value = Native.g_value_get_double(&box);
            Native.g_value_unset(&box);
            return value;
        }
    }

    public VipsImage TakeImage(string property)
    {
        var box = default(Native.GValue);
        Native.g_value_init(&box, Native.vips_image_get_type());
        Native.g_object_get_property(handle, property, &box);
        var image = Native.g_object_ref(Native.g_value_get_object(&box));
        Native.g_value_unset(&box);
        return new VipsImage(image);
    }

    public void Dispose()
    {
        if (handle == 0)
        {
            return;
        }

        // Outputs hold references to the operation: without this an operation, built or failed, is never freed.
        Native.vips_object_unref_outputs(handle);
        Native.g_object_unref(handle);
        handle = 0;
    }

    private VipsOperation Put(string property, Native.GValue* box)
    {
        Native.g_object_set_property(handle, property, box);
        Native.g_value_unset(box);
        return this;
    }
}
